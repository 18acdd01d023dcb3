using Npgsql;

namespace AetherLink.CommandCenter.Insights.Anomalies.Feeding;

/// <summary>
/// Reads the points of one bucket after the other into the same bytes: an array for each would be 75 MB for three hours, thrown away at once.
/// </summary>
internal sealed class PointsBuffer
{
    private byte[] _bytes = [];

    /// <summary>What a column of the current row holds; until the next one is read.</summary>
    public ReadOnlySpan<byte> Read(NpgsqlDataReader row, int column)
    {
        var length = (int)row.GetBytes(column, 0, null, 0, 0);
        if (length > _bytes.Length)
            _bytes = new byte[length];
        return _bytes.AsSpan(0, (int)row.GetBytes(column, 0, _bytes, 0, length));
    }
}
