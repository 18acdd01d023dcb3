using AetherLink.LoadGenerator.Measuring;
using AetherLink.LoadGenerator.Running;
using AetherLink.LoadGenerator.Table;
using Npgsql;

namespace AetherLink.LoadGenerator.Cases;

/// <summary>
/// What the series of the anomalies take of storing what they are made of: rows a second with the trigger and without it, by turns, in statements
/// of one connection. Beside the rows of a statement nothing else is written, so that it looks dearer than it is in a service.
/// </summary>
internal sealed class ObservingCase : ICase
{
    /// <summary>What one statement of a service that is busy writes.</summary>
    private const int Rows = 50;

    private const int Deliveries = 1_000;

    private static readonly (string What, string Table, string Insert)[] Kinds =
    [
        ("delivery attempts", "delivery_attempts",
            """
            insert into command_center.delivery_attempts (delivery_id, number, started_at, duration_ms, http_status, error, lease_lost, response_head)
            select id, $1, now(), 12.5, 200, 0, false, 'ok' from command_center.deliveries order by id offset ($1 * $2) % 1000 limit $2
            """),
        ("AI calls", "ai_calls",
            """
            insert into command_center.ai_calls (call_id, tenant_id, intent, outcome, provider, model, attempts, fell_back, latency_ms,
                overhead_ms, input_tokens, output_tokens, cost_usd, caller, trace_id, called_at)
            select $1 || '-' || n, 'tenant-' || n % 20, 'extract-lead', 'success', 'local', 'model',
                '[{"provider":"claude","outcome":"failed","latency_ms":20.5},{"provider":"local","outcome":"success","latency_ms":1.5}]'::jsonb,
                true, 22, 0.3, 300, 80, 0.0007, 'bench', lpad(to_hex(n), 32, '0'), now()
            from generate_series(1, $2) n
            """),
    ];

    private const string Stored =
        """
        insert into command_center.deliveries (id, message_id, endpoint_id, tenant_id, event_id, event_seq, event_type, severity, status, error, attempts, created_at, body)
        select ('00000000-0000-7000-a000-' || lpad(to_hex(n), 12, '0'))::uuid, 'msg-' || n,
            ('00000000-0000-7000-8000-' || lpad(to_hex(n % 10), 12, '0'))::uuid, 'tenant-' || n % 20, 'seed-' || n, n, 'lead.created', 0, 1, 0, 1, now(), ''
        from generate_series(1, $1) n
        """;

    public string Name => "observing";

    public async Task<IReadOnlyList<Row>> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        await using var postgres = await PostgresServer.StartAsync(bench.Folder, cancellationToken);
        // For the schema alone: nobody empties what the triggers write meanwhile.
        await using (await Service.CommandCenterAsync(bench, postgres, cancellationToken))
        {
        }
        await postgres.ExecuteAsync(Stored, cancellationToken, Deliveries);
        await using var connection = await postgres.OpenAsync(cancellationToken);
        var rows = new List<Row>();
        foreach (var (what, table, insert) in Kinds)
        {
            var (with, without) = await ByTurnsAsync(bench, connection, table, insert, cancellationToken);
            rows.Add(new(
                Row.Text($"{what} stored, {Rows} a statement, with the series' trigger"), Row.Text($"{with:n0}/s"), "", null,
                Row.Text($"without it {without:n0}/s"), with / without));
        }
        return rows;
    }

    /// <summary>The medians, so that a disk that stalls spoils a turn and not the figure.</summary>
    private static async Task<(double With, double Without)> ByTurnsAsync(
        Bench bench, NpgsqlConnection connection, string table, string insert, CancellationToken cancellationToken)
    {
        var (number, turns) = (0, bench.Quick ? 6 : 20);
        List<double>[] perSecond = [[], []];
        await using var command = new NpgsqlCommand(insert, connection);
        var parameter = new NpgsqlParameter<int>();
        command.Parameters.Add(parameter);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Rows });
        // The first two warm up.
        for (var turn = -2; turn < turns; turn++)
        {
            var isWith = turn % 2 == 0;
            await ExecuteAsync(connection, $"truncate command_center.{table}, command_center.observations", cancellationToken);
            await ExecuteAsync(connection, $"alter table command_center.{table} {(isWith ? "enable" : "disable")} trigger observe", cancellationToken);
            var (stored, started) = (0L, Clock.Now);
            while (Clock.Now - started < bench.Measured.TotalSeconds / 20 * 1e9)
            {
                parameter.TypedValue = ++number;
                stored += await command.ExecuteNonQueryAsync(cancellationToken);
            }
            if (turn >= 0)
            {
                perSecond[isWith ? 0 : 1].Add(stored / ((Clock.Now - started) / 1e9));
            }
        }
        return (Median(perSecond[0]), Median(perSecond[1]));
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
