using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AetherLink.ServiceDefaults;

/// <summary>
/// Signs what services hand to Kafka: HMAC-SHA256, under a key that is derived from the mesh key, over topic, key, the headers
/// that count, and the value. Whoever reaches the broker without the mesh key can put records there that nobody believes.
/// </summary>
public sealed class TopicSignature
{
    /// <summary>The header that has it.</summary>
    public const string Header = "signature";

    private const string Version = "v1=";
    private const int Absent = -1;

    /// <summary>What a consumer acts by. Others, such as a trace's or a mirror's, may come and go on the way.</summary>
    private static readonly string[] Covered = ["type", "version", "origin", "content-type"];

    private readonly byte[][] _keys;

    /// <param name="meshKey">Signs, and verifies.</param>
    /// <param name="previousMeshKey">Verifies too, while the mesh's key is being changed.</param>
    public TopicSignature(string meshKey, string? previousMeshKey) =>
        _keys = [.. new[] { meshKey, previousMeshKey }.OfType<string>().Where(key => key.Length > 0).Select(Derive)];

    /// <summary>The header's value.</summary>
    public string Sign(string topic, string? key, ReadOnlySpan<byte> value, IReadOnlyDictionary<string, string> headers) =>
        Version + Base64Url.EncodeToString(Compute(_keys[0], topic, key, value, headers));

    /// <summary>Why the record is not to be believed; null when it is signed with the mesh key.</summary>
    public string? Fault(string topic, string? key, ReadOnlySpan<byte> value, IReadOnlyDictionary<string, string> headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        if (!headers.TryGetValue(Header, out var signature))
            return "It is not signed.";
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        if (!signature.StartsWith(Version, StringComparison.Ordinal)
            // TryDecodeFromChars throws for what is no base64: any stranger's record would then stop the topic for good.
            || Base64Url.DecodeFromChars(signature.AsSpan(Version.Length), given, out _, out var length) is not OperationStatus.Done
            || length != SHA256.HashSizeInBytes)
        {
            return "Its signature is none.";
        }
        foreach (var mesh in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(given, Compute(mesh, topic, key, value, headers)))
                return null;
        }
        return "Its signature is not of this mesh's key, or it was changed on the way.";
    }

    private static byte[] Compute(byte[] mesh, string topic, string? key, ReadOnlySpan<byte> value, IReadOnlyDictionary<string, string> headers)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, mesh);
        Append(hash, topic);
        Append(hash, key);
        foreach (var name in Covered)
            Append(hash, headers.GetValueOrDefault(name));
        hash.AppendData(value);
        return hash.GetHashAndReset();
    }

    // Each with its length before it: no two records are the same bytes.
    private static void Append(IncrementalHash hash, string? text)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, text is null ? Absent : Encoding.UTF8.GetByteCount(text));
        hash.AppendData(length);
        if (text is not null)
            hash.AppendData(Encoding.UTF8.GetBytes(text));
    }

    private static byte[] Derive(string meshKey) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(meshKey), SHA256.HashSizeInBytes, info: "aetherlink topic signatures"u8.ToArray());
}
