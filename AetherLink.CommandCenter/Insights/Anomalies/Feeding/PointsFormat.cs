using System.Buffers.Binary;

namespace AetherLink.CommandCenter.Insights.Anomalies.Feeding;

/// <summary>The points of a bucket as bytes: of each the id of its series and its value, little-endian.</summary>
internal static class PointsFormat
{
    private const int Size = sizeof(int) + sizeof(double);

    public static byte[] Write(IReadOnlyList<(int Series, double Value)> points)
    {
        var bytes = new byte[points.Count * Size];
        for (var index = 0; index < points.Count; index++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(index * Size), points[index].Series);
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan((index * Size) + sizeof(int)), points[index].Value);
        }
        return bytes;
    }

    public static Dictionary<int, double> Read(ReadOnlySpan<byte> bytes)
    {
        var points = new Dictionary<int, double>(bytes.Length / Size);
        for (; bytes.Length >= Size; bytes = bytes[Size..])
        {
            points[BinaryPrimitives.ReadInt32LittleEndian(bytes)] = BinaryPrimitives.ReadDoubleLittleEndian(bytes[sizeof(int)..]);
        }
        return points;
    }

    /// <summary>The value of one series alone; null where it has none.</summary>
    public static double? Find(ReadOnlySpan<byte> bytes, int series)
    {
        for (; bytes.Length >= Size; bytes = bytes[Size..])
        {
            if (BinaryPrimitives.ReadInt32LittleEndian(bytes) == series)
            {
                return BinaryPrimitives.ReadDoubleLittleEndian(bytes[sizeof(int)..]);
            }
        }
        return null;
    }
}
