using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace AetherLink.CommandCenter.Deliveries.Signing;

/// <summary>An endpoint's key. A class that does not print itself, so that no log and no answer can have it by accident.</summary>
internal sealed class SigningSecret
{
    public const string Prefix = "whsec_";

    /// <summary>As Standard Webhooks asks: 24 to 64 bytes.</summary>
    public const string Expected = "must be 'whsec_' and the base64 of 24 to 64 bytes";

    private const int Shortest = 24;
    private const int Longest = 64;

    /// <summary>As long as the hash: more adds nothing.</summary>
    private const int Made = 32;

    private readonly byte[] _key;

    private SigningSecret(byte[] key) => _key = key;

    public ReadOnlySpan<byte> Key => _key;

    /// <summary>Of its bytes; null when there are too few or too many.</summary>
    public static SigningSecret? Of(byte[] key) => key.Length is >= Shortest and <= Longest ? new(key) : null;

    public static SigningSecret Make() => new(RandomNumberGenerator.GetBytes(Made));

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out SigningSecret? secret)
    {
        secret = null;
        var bytes = new byte[Longest + 2];
        if (text is null
            || !text.StartsWith(Prefix, StringComparison.Ordinal)
            || !Convert.TryFromBase64String(text[Prefix.Length..], bytes, out var length)
            || length is < Shortest or > Longest)
        {
            return false;
        }
        secret = new(bytes[..length]);
        return true;
    }

    /// <summary>The text, for the one answer that shows it.</summary>
    public string Reveal() => Prefix + Convert.ToBase64String(_key);

    public override string ToString() => Prefix + "***";
}
