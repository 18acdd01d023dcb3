using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace AetherLink.CommandCenter.Events.Querying;

/// <summary>Where a page of a list ended that is in the order of names: the last name, opaque to callers.</summary>
internal static class NameCursor
{
    public static string Of(string name) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(name));

    /// <summary>Empty, which is before every name, where there is no cursor.</summary>
    public static bool TryParse(string? cursor, out string after)
    {
        after = "";
        if (string.IsNullOrEmpty(cursor))
        {
            return true;
        }
        if (!Base64Url.IsValid(cursor))
        {
            return false;
        }
        var bytes = Base64Url.DecodeFromChars(cursor);
        after = Encoding.UTF8.GetString(bytes);
        return Utf8.IsValid(bytes) && !after.Any(char.IsControl);
    }
}
