using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace AetherLink.ServiceDefaults;

/// <summary>
/// The header of a token that nobody has validated: it tells who is to validate the token, and is believed in nothing else.
/// </summary>
internal static class TokenHead
{
    /// <summary>An algorithm, a type and a key's id need a tenth of it; a longer one is somebody's attempt.</summary>
    private const int MostChars = 4096;

    /// <summary>The algorithm that the token names, once; empty or null for what is no JSON web token.</summary>
    public static string? Algorithm(string token) => Text(token, "alg"u8);

    /// <summary>The type that the token names, once; null where it names none, and empty where that is none.</summary>
    public static string? Type(string token) => Text(token, "typ"u8);

    private static string? Text(string token, ReadOnlySpan<byte> name)
    {
        var end = token.IndexOf('.', StringComparison.Ordinal);
        if (end is <= 0 or > MostChars)
            return "";
        try
        {
            return Read(Base64Url.DecodeFromUtf8(Encoding.UTF8.GetBytes(token[..end])), name);
        }
        catch (Exception nonsense) when (nonsense is FormatException or JsonException or InvalidOperationException)
        {
            return "";
        }
    }

    private static string? Read(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        string? text = null;
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is not JsonTokenType.PropertyName || reader.CurrentDepth != 1 || !reader.ValueTextEquals(name))
                continue;
            reader.Read();
            // Named twice, two readers could read it differently.
            if (text is not null)
                return "";
            text = reader.GetString() ?? "";
        }
        return text;
    }
}
