using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AetherLink.CommandCenter.Deliveries.Signing;

/// <summary>The headers of Standard Webhooks: <c>v1,base64(HMAC-SHA256(key, id.timestamp.body))</c>.</summary>
internal static class Signature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    /// <summary>One signature for each secret, with a space between: while a secret is rotated, receivers may hold either.</summary>
    public static string Sign(string id, DateTimeOffset timestamp, ReadOnlySpan<byte> body, params ReadOnlySpan<SigningSecret> secrets)
    {
        var head = Encoding.UTF8.GetBytes($"{id}.{Seconds(timestamp)}.");
        var signatures = new StringBuilder();
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        foreach (var secret in secrets)
        {
            using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret.Key);
            hmac.AppendData(head);
            hmac.AppendData(body);
            hmac.GetHashAndReset(hash);
            signatures.Append(signatures.Length == 0 ? "v1," : " v1,").Append(Convert.ToBase64String(hash));
        }
        return signatures.ToString();
    }

    /// <summary>The timestamp as the header has it.</summary>
    public static string Seconds(DateTimeOffset timestamp) => timestamp.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
