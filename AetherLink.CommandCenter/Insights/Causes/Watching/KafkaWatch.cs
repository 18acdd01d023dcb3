using AetherLink.CommandCenter.Kafka;
using AetherLink.CommandCenter.Mesh;
using AetherLink.ServiceDefaults;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AetherLink.CommandCenter.Insights.Causes.Watching;

/// <summary>
/// Asks Kafka for its topics as often as services are probed, and keeps when it did not answer: without it everything goes on, out of
/// spools, and nothing else says so.
/// </summary>
internal sealed class KafkaWatch(
    KafkaAddress kafka, ServiceIdentity identity, NpgsqlDataSource source, DatabaseReady database, IOptions<MeshOptions> options,
    IHostEnvironment environment, TimeProvider clock, ILogger<KafkaWatch> logger) : BackgroundLoop(logger, clock)
{
    /// <summary>Longer than a question takes that is only late.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ILogger _logger = logger;

    protected override async Task RunAsync(CancellationToken stopping)
    {
        if (kafka.BootstrapServers is null)
        {
            return;
        }
        await database.WaitAsync(stopping);
        using var client = new AdminClientBuilder(new AdminClientConfig
        {
            BootstrapServers = kafka.BootstrapServers,
            ClientId = $"{identity.Instance}-watch",
            ReconnectBackoffMaxMs = 1_000,
        })
        .SetErrorHandler((_, _) => { }) // the question says it
        .SetLogHandler((_, _) => { })
        .Build();
        using var timer = new PeriodicTimer(options.Value.ProbeInterval(environment), Clock);
        PartFault? fault = null;
        do
        {
            var at = Clock.GetUtcNow();
            // The client blocks.
            var error = await Task.Run(() => Ask(client), stopping);
            fault = PartFault.After(fault, at, error);
            if (fault is { IsSure: true })
            {
                await KeepAsync(fault, stopping);
            }
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    /// <returns>What is wrong; null when it answers.</returns>
    private static string? Ask(IAdminClient client)
    {
        try
        {
            return client.GetMetadata(Patience).Brokers.Count > 0 ? null : "It has no broker.";
        }
        catch (KafkaException away)
        {
            return $"It did not answer within {Patience.TotalSeconds} s: {away.Error.Reason}.";
        }
    }

    private async Task KeepAsync(PartFault fault, CancellationToken stopping)
    {
        try
        {
            await using var command = source.CreateCommand(
                """
                insert into command_center.part_faults (node, seen_by, kind, since, until, detail) values ($1, $2, $3, $4, $5, $6)
                on conflict (node, seen_by, since) do update set until = excluded.until
                """);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Nodes.Kafka });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = identity.Instance });
            command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)EvidenceKind.Down });
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = fault.Since.UtcDateTime });
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = fault.Until.UtcDateTime });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = fault.Detail });
            await command.ExecuteNonQueryAsync(stopping);
        }
        catch (NpgsqlException away)
        {
            // The next look keeps it, with what this one would have.
            Log.PartFaultWaits(_logger, Nodes.Kafka, away.Message);
        }
    }
}
