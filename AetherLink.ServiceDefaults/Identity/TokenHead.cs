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

    /// <summary>The algorithm that the token names, once; null for what is no JSON web token.</summary>
    public static string? Algorithm(string token)
    {
        var end = token.IndexOf('.', StringComparison.Ordinal);
        if (end is <= 0 or > MostChars)
            return null;
        try
        {
            return Read(Base64Url.DecodeFromUtf8(Encoding.UTF8.GetBytes(token[..end])));
        }
        catch (Exception nonsense) when (nonsense is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Read(ReadOnlySpan<byte> json)
    {
        string? algorithm = null;
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is not JsonTokenType.PropertyName || reader.CurrentDepth != 1 || !reader.ValueTextEquals("alg"u8))
                continue;
            reader.Read();
            // Named twice, two readers could read it differently.
            if (algorithm is not null)
                return null;
            algorithm = reader.GetString();
        }
        return algorithm;
    }
}
