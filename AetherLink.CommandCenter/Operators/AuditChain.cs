using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AetherLink.CommandCenter.Operators;

/// <summary>
/// A hash chain over the entries, after Haber and Stornetta, "How to time-stamp a digital document" (1991): each hash is over the
/// entry and the hash before it, so that no entry can be changed, removed or put in between without all later hashes changing.
/// </summary>
internal static class AuditChain
{
    /// <summary>Every field has its length before it: no two entries are the same bytes.</summary>
    private const int Absent = -1;

    /// <summary>What stands before the first entry.</summary>
    public static byte[] Start { get; } = new byte[SHA256.HashSizeInBytes];

    /// <summary>The hash of an entry at its place.</summary>
    public static byte[] Next(ReadOnlySpan<byte> previous, long seq, AuditEntry entry)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        bytes.Write(previous);
        Number(bytes, seq);
        Number(bytes, Microseconds(entry.At));
        Text(bytes, entry.Actor);
        Number(bytes, entry.Roles.Count);
        foreach (var role in entry.Roles)
        {
            Text(bytes, role);
        }
        foreach (var field in (ReadOnlySpan<string?>)
            [entry.TenantId, entry.Action, entry.Target, entry.Before, entry.After, entry.Address, entry.TraceId])
        {
            Text(bytes, field);
        }
        // Last, and only where there is one: entries without one have the hashes that they had before there were any.
        if (entry.Subject is not null)
        {
            Text(bytes, entry.Subject);
        }
        return SHA256.HashData(bytes.WrittenSpan);
    }

    private static long Microseconds(DateTimeOffset at) => (at.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    private static void Number(ArrayBufferWriter<byte> bytes, long number)
    {
        BinaryPrimitives.WriteInt64BigEndian(bytes.GetSpan(sizeof(long)), number);
        bytes.Advance(sizeof(long));
    }

    private static void Text(ArrayBufferWriter<byte> bytes, string? text)
    {
        Number(bytes, text is null ? Absent : Encoding.UTF8.GetByteCount(text));
        if (text is not null)
        {
            Encoding.UTF8.GetBytes(text, bytes);
        }
    }
}
