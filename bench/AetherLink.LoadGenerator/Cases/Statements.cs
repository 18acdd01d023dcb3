using AetherLink.LoadGenerator.Running;
using AetherLink.LoadGenerator.Table;
using Npgsql;

namespace AetherLink.LoadGenerator.Cases;

/// <summary>
/// Which statements Postgres was at during a stretch of load, by its own account (pg_stat_statements). It is the time that passed, and
/// not that of a processor; what a commit takes belongs to no statement.
/// </summary>
internal sealed class Statements
{
    private const string Reset = "create extension if not exists pg_stat_statements; select pg_stat_statements_reset()";

    // The longest ten, with as much of their text as tells them apart.
    private const string Longest =
        """
        select calls, rows, total_exec_time, total_plan_time, left(regexp_replace(query, '\s+', ' ', 'g'), 140)
        from pg_stat_statements order by total_exec_time + total_plan_time desc limit 10
        """;

    private readonly Bench _bench;
    private readonly PostgresServer _postgres;

    private Statements(Bench bench, PostgresServer postgres) => (_bench, _postgres) = (bench, postgres);

    /// <summary>From here on it counts; nothing where nobody asked for a profile.</summary>
    public static async Task<Statements> CountAsync(Bench bench, PostgresServer postgres, CancellationToken cancellationToken)
    {
        if (bench.IsProfiled)
        {
            await postgres.ExecuteAsync(Reset, cancellationToken);
        }
        return new(bench, postgres);
    }

    /// <param name="units">How many of what were done meanwhile; each one's share is told.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task TellAsync(double units, CancellationToken cancellationToken)
    {
        if (!_bench.IsProfiled)
        {
            return;
        }
        await using var connection = await _postgres.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Longest, connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            var (executing, planning) = (1_000 * row.GetDouble(2) / units, 1_000 * row.GetDouble(3) / units);
            _bench.Explain(Row.Text(
                $"  {executing:0.0} us each, and {planning:0.0} to plan; {row.GetInt64(0):n0} times, {row.GetInt64(1):n0} rows: {row.GetString(4)}"));
        }
    }
}
