using Npgsql;

namespace AetherLink.CommandCenter.Storage;

/// <summary>
/// Postgres' clock. By it everything is dated that is compared between replicas, or over a restart: the clock of a replica's own
/// machine may be set, ahead or back, at any time.
/// </summary>
internal static class StorageClock
{
    private const string Sql = "select clock_timestamp()";

    public static async Task<DateTimeOffset> NowAsync(this NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        return Time(await command.ExecuteScalarAsync(cancellationToken));
    }

    public static async Task<DateTimeOffset> NowAsync(this NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(Sql);
        return Time(await command.ExecuteScalarAsync(cancellationToken));
    }

    private static DateTimeOffset Time(object? scalar) => new((DateTime)scalar!);
}
