using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Storage;

/// <summary>Rows on their way into <c>unnest</c>: an array for each column.</summary>
internal static class ArrayParameters
{
    public static void AddColumn<TRow, T>(
        this NpgsqlParameterCollection parameters, NpgsqlDbType type, IReadOnlyCollection<TRow> rows, Func<TRow, T> value)
    {
        var (values, index) = (new T[rows.Count], 0);
        foreach (var row in rows)
        {
            values[index++] = value(row);
        }
        parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type });
    }
}
