using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace AetherLink.CommandCenter.Events.Querying;

/// <summary>Where a page ended. Opaque to callers, so that it may change: a version, and the number of the last row.</summary>
internal readonly record struct Cursor(long Sequence)
{
    private const byte Version = 1;
    private const int Length = 1 + sizeof(long);

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], Sequence);
        return Base64Url.EncodeToString(bytes);
    }

    public static bool TryParse([NotNullWhen(true)] string? text, out Cursor cursor)
    {
        Span<byte> bytes = stackalloc byte[Length];
        cursor = default;
        if (text is not { Length: 12 } // nine bytes in base64
            || !Base64Url.IsValid(text)
            || Base64Url.DecodeFromChars(text, bytes) != Length
            || bytes[0] != Version)
        {
            return false;
        }
        cursor = new(BinaryPrimitives.ReadInt64BigEndian(bytes[1..]));
        return cursor.Sequence >= 0;
    }
}
