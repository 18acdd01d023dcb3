using System.Buffers.Binary;
using System.Security.Cryptography;

namespace AetherLink.CommandCenter.Operators;

/// <summary>Where the chain ends, and where what is left of it begins.</summary>
/// <param name="Seq">The number of the last entry; 0 before the first.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="PrunedSeq">The number of the last entry that retention has removed; 0 for none.</param>
/// <param name="PrunedHash">Its hash, from which the rest is checked.</param>
/// <param name="ResealedSeq">The last entry that was written over a seal which did not hold; 0 for none.</param>
internal sealed record ChainHead(long Seq, byte[] Hash, long PrunedSeq, byte[] PrunedHash, long ResealedSeq)
{
    public ChainHead Append(AuditEntry entry) => this with { Seq = Seq + 1, Hash = AuditChain.Next(Hash, Seq + 1, entry) };
}

/// <summary>
/// Signs the chain's head with a key that Postgres does not have. The chain alone would not show that somebody with the database's
/// password cut off its end, or wrote all of it anew.
/// </summary>
internal sealed class ChainSealing
{
    private readonly byte[] _key;

    /// <param name="configuration">Has the mesh key; the seal's own is derived from it (RFC 5869).</param>
    public ChainSealing(IConfiguration configuration) => _key = HKDF.DeriveKey(
        HashAlgorithmName.SHA256,
        System.Text.Encoding.UTF8.GetBytes(configuration["MESH_KEY"]!),
        SHA256.HashSizeInBytes,
        info: "aetherlink operator audit"u8.ToArray());

    public byte[] Seal(ChainHead head)
    {
        Span<byte> bytes = stackalloc byte[(3 * sizeof(long)) + (2 * SHA256.HashSizeInBytes)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, head.Seq);
        BinaryPrimitives.WriteInt64BigEndian(bytes[sizeof(long)..], head.PrunedSeq);
        BinaryPrimitives.WriteInt64BigEndian(bytes[(2 * sizeof(long))..], head.ResealedSeq);
        head.Hash.CopyTo(bytes[(3 * sizeof(long))..]);
        head.PrunedHash.CopyTo(bytes[((3 * sizeof(long)) + SHA256.HashSizeInBytes)..]);
        return HMACSHA256.HashData(_key, bytes);
    }

    /// <summary>Whether this mesh's key made the seal. Before the first entry there is none.</summary>
    public bool IsSealed(ChainHead head, byte[] seal) => head.Seq == 0 || CryptographicOperations.FixedTimeEquals(Seal(head), seal);
}
