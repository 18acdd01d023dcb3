using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AetherLink.CommandCenter.Deliveries.Signing;

/// <summary>
/// Seals the endpoints' secrets for the table: AES-256-GCM under a key that is derived (HKDF, RFC 5869) from the mesh key, bound
/// to the endpoint, so that a sealed secret is of no use in another's row. A key that was replaced still opens.
/// </summary>
internal sealed class SecretVault
{
    private const string Version = "v1.";
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly List<Key> _keys;

    public SecretVault(string meshKey, string? previousMeshKey) =>
        _keys = [.. new[] { meshKey, previousMeshKey }.OfType<string>().Where(key => key.Length > 0).Select(Key.Of)];

    /// <summary>What is sealed with today's key begins with this.</summary>
    public string Prefix => _keys[0].Prefix;

    public SealedSecret Seal(SigningSecret secret, Guid endpoint)
    {
        var plain = secret.Key;
        var box = new byte[NonceBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        using var cipher = _keys[0].Cipher();
        cipher.Encrypt(
            box.AsSpan(0, NonceBytes), plain, box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes), endpoint.ToByteArray());
        return new(Prefix + Base64Url.EncodeToString(box));
    }

    /// <summary>Null when it was sealed with a key that is not there, or is not what was sealed.</summary>
    public SigningSecret? Open(SealedSecret? secret, Guid endpoint)
    {
        // As it was stored before it was sealed.
        if (SigningSecret.TryParse(secret?.Text, out var plain))
        {
            return plain;
        }
        if (_keys.Find(key => secret?.Text.StartsWith(key.Prefix, StringComparison.Ordinal) is true) is not { } key)
        {
            return null;
        }
        try
        {
            var box = Base64Url.DecodeFromChars(secret!.Text.AsSpan(key.Prefix.Length)).AsSpan();
            if (box.Length <= NonceBytes + TagBytes)
            {
                return null;
            }
            var opened = new byte[box.Length - NonceBytes - TagBytes];
            using var cipher = key.Cipher();
            cipher.Decrypt(box[..NonceBytes], box[(NonceBytes + TagBytes)..], box.Slice(NonceBytes, TagBytes), opened, endpoint.ToByteArray());
            return SigningSecret.Of(opened);
        }
        catch (Exception damaged) when (damaged is FormatException or CryptographicException)
        {
            return null;
        }
    }

    private sealed record Key(string Prefix, byte[] Bytes)
    {
        private const int KeyBytes = 32;

        /// <summary>Tells keys apart, and tells nothing of them.</summary>
        private const int IdBytes = 6;

        public static Key Of(string meshKey) =>
            new($"{Version}{Base64Url.EncodeToString(Derive(meshKey, "id", IdBytes))}.", Derive(meshKey, "key", KeyBytes));

        public AesGcm Cipher() => new(Bytes, TagBytes);

        public override string ToString() => Prefix;

        private static byte[] Derive(string meshKey, string use, int length) => HKDF.DeriveKey(
            HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(meshKey), length, info: Encoding.UTF8.GetBytes($"aetherlink webhook secrets {use}"));
    }
}
