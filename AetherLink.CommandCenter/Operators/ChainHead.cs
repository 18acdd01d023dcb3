using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AetherLink.CommandCenter.Storage;

namespace AetherLink.CommandCenter.Operators;

/// <summary>Where the chain ends, and where what is left of it begins.</summary>
/// <param name="Seq">The number of the last entry; 0 before the first.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="PrunedSeq">The number of the last entry that retention has removed; 0 for none.</param>
/// <param name="PrunedHash">Its hash, from which the rest is checked.</param>
/// <param name="ResealedSeq">The last entry that was written over a seal which did not hold; 0 for none.</param>
internal sealed record ChainHead(long Seq, byte[] Hash, long PrunedSeq, byte[] PrunedHash, long ResealedSeq)
{
    /// <summary>Before the first entry.</summary>
    public static ChainHead Empty { get; } = new(0, AuditChain.Start, 0, AuditChain.Start, 0);

    public ChainHead Append(AuditEntry entry) => this with { Seq = Seq + 1, Hash = AuditChain.Next(Hash, Seq + 1, entry) };
}

/// <summary>
/// Signs the chain's head with a key that Postgres does not have. The chain alone would not show that somebody with the database's
/// password cut off its end, wrote all of it anew, or emptied it. While the mesh's key is being changed a seal is of both keys: replicas
/// that have the one or the other take it for theirs.
/// </summary>
internal sealed class ChainSealing
{
    private readonly List<byte[]> _keys;

    /// <param name="configuration">Has the mesh keys; the seal's own are derived from them (RFC 5869).</param>
    public ChainSealing(IConfiguration configuration) => _keys =
        [.. new[] { MeshKeys.Current(configuration), MeshKeys.Previous(configuration) }.OfType<string>().Select(Derived)];

    public byte[] Seal(ChainHead head) => [.. _keys.SelectMany(key => Seal(key, head))];

    /// <summary>Whether one of this mesh's keys made the seal. An audit without entries has one, too, from the run that made its table.</summary>
    public bool IsSealed(ChainHead head, byte[] seal) => seal.Chunk(HMACSHA256.HashSizeInBytes).Any(part =>
        _keys.Exists(key => CryptographicOperations.FixedTimeEquals(Seal(key, head), part)));

    private static byte[] Seal(byte[] key, ChainHead head)
    {
        Span<byte> bytes = stackalloc byte[(3 * sizeof(long)) + (2 * SHA256.HashSizeInBytes)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, head.Seq);
        BinaryPrimitives.WriteInt64BigEndian(bytes[sizeof(long)..], head.PrunedSeq);
        BinaryPrimitives.WriteInt64BigEndian(bytes[(2 * sizeof(long))..], head.ResealedSeq);
        head.Hash.CopyTo(bytes[(3 * sizeof(long))..]);
        head.PrunedHash.CopyTo(bytes[((3 * sizeof(long)) + SHA256.HashSizeInBytes)..]);
        return HMACSHA256.HashData(key, bytes);
    }

    private static byte[] Derived(string meshKey) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(meshKey), SHA256.HashSizeInBytes, info: "aetherlink operator audit"u8.ToArray());
}
