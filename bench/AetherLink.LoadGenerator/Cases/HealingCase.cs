using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using AetherLink.LoadGenerator.Bare;
using AetherLink.LoadGenerator.Measuring;
using AetherLink.LoadGenerator.Running;
using AetherLink.LoadGenerator.Table;
using Npgsql;

namespace AetherLink.LoadGenerator.Cases;

/// <summary>
/// From an engine's word that a container is unhealthy to its restart, and until it is seen well: containers of a real engine, where
/// one can run, and then a thousand of one that only plays them, for what the healer costs. Beside both the loop of docker-autoheal.
/// </summary>
internal sealed class HealingCase : ICase
{
    private const double PromisedSeconds = 1;

    public string Name => "healing";

    public async Task<IReadOnlyList<Row>> RunAsync(Bench bench, CancellationToken cancellationToken) =>
    [
        .. await RealOrWhyNotAsync(bench, cancellationToken),
        .. await ManyAsync(bench, cancellationToken),
    ];

    private static async Task<Row[]> RealOrWhyNotAsync(Bench bench, CancellationToken cancellationToken)
    {
        try
        {
            return DockerEngine.WhyNot is { } why ? NotMeasured(why) : await RealAsync(bench, cancellationToken);
        }
        catch (NoEngineException noEngine)
        {
            return NotMeasured(noEngine.Message);
        }
    }

    private static Row[] NotMeasured(string why) => [new("real containers: unhealthy to restart issued", $"not measured: {why}")];

    private static async Task<Row[]> RealAsync(Bench bench, CancellationToken cancellationToken)
    {
        var rounds = bench.Quick ? 1 : 5;
        await using var containers = await RealContainers.StartAsync();
        IReadOnlyList<(TimeSpan Issued, TimeSpan Healthy)> ours;
        Spread decided, verified;
        await using (var postgres = await PostgresServer.StartAsync(bench.Folder, cancellationToken))
        await using (var healer = await StartAsync(bench, postgres, containers.Socket, cancellationToken))
        {
            await UntilItRemembersAsync(healer, cancellationToken);
            ours = await containers.MeasureAsync(rounds, cancellationToken);
            (decided, verified) = await RecordedAsync(postgres, ours.Count, cancellationToken);
        }
        await using var loop = await PollLoop.StartAsync(containers.Socket);
        var theirs = await containers.MeasureAsync(rounds, cancellationToken);
        var (issued, polled) = (Spread.Of(ours.Select(heal => heal.Issued)), Spread.Of(theirs.Select(heal => heal.Issued)));
        var (healthy, polledHealthy) = (Spread.Of(ours.Select(heal => heal.Healthy)), Spread.Of(theirs.Select(heal => heal.Healthy)));
        return
        [
            IssuedRow(Row.Text($"{ours.Count} heals of real containers: unhealthy to restart issued p50 / p95"), issued, polled),
            new("  of it until the healer had decided; the rest is the engine's and the record's", $"{decided}"),
            new("  to healthy again by the engine's word", $"{healthy}", "", null, $"5 s poll {polledHealthy}", healthy.P95 / polledHealthy.P95),
            new("  to verified, and on record", $"{verified}", "", null, "5 s poll never"),
        ];
    }

    private static async Task<Row[]> ManyAsync(Bench bench, CancellationToken cancellationToken)
    {
        var socket = Path.Combine(bench.Folder, "engine.sock");
        await using var many = await ManyContainers.StartAsync(socket);
        Spread ours, theirs;
        double busy, busyLoop;
        Row memory;
        await using (var postgres = await PostgresServer.StartAsync(bench.Folder, cancellationToken))
        await using (var service = await StartAsync(bench, postgres, socket, cancellationToken))
        {
            (ours, busy) = await PlayAsync(bench, many, service.ProcessId, cancellationToken);
            memory = Memory.Row(Row.Text($"{ManyContainers.Count:n0} containers"), service, "auto-heal");
        }
        await using (var loop = await PollLoop.StartAsync(socket))
        {
            (theirs, busyLoop) = await PlayAsync(bench, many, loop.ProcessId, cancellationToken);
        }
        return
        [
            IssuedRow(Row.Text($"{ManyContainers.Count:n0} containers, {ManyContainers.EventsASecond} events/s: unhealthy to restart issued p50 / p95"), ours, theirs),
            new("  processor of auto-heal meanwhile", Row.Text($"{busy:0.0} % of one"), "", null, Row.Text($"5 s poll {busyLoop:0.0} %"), busy / busyLoop),
            memory,
        ];
    }

    private static Row IssuedRow(string what, Spread ours, Spread theirs) => new(
        what, $"{ours}", Row.Text($"p95 < {PromisedSeconds:0} s"), ours.P95 < PromisedSeconds, $"5 s poll {theirs}", ours.P95 / theirs.P95);

    private static async Task<(Spread Issued, double Busy)> PlayAsync(
        Bench bench, ManyContainers many, int process, CancellationToken cancellationToken)
    {
        await many.PlayAsync(bench.WarmUp, cancellationToken);
        var (before, started) = (CpuUse.Of(process), Stopwatch.GetTimestamp());
        // Two polls at least.
        var issued = await many.PlayAsync(TimeSpan.FromSeconds(bench.Quick ? 6 : 30), cancellationToken);
        return (Spread.Of(issued), 100 * ((CpuUse.Of(process) - before) / Stopwatch.GetElapsedTime(started)));
    }

    /// <summary>With limits for somebody who heals all day: they are others' to measure. Its pass over the list is as in production.</summary>
    private static Task<Service> StartAsync(Bench bench, PostgresServer postgres, string socket, CancellationToken cancellationToken) =>
        Service.AutoHealAsync(bench, postgres, new()
        {
            ["DOCKER_HOST"] = $"unix://{socket}",
            ["AUTOHEAL_INTERVAL_SECONDS"] = "30",
            ["AUTOHEAL_COOLDOWN_SECONDS"] = "0.5",
            ["AUTOHEAL_BACKOFF_FACTOR"] = "1",
            ["AUTOHEAL_HOURLY_LIMIT"] = "1000",
            ["AUTOHEAL_FLEET_HOURLY_LIMIT"] = "5000",
            ["AUTOHEAL_BRAKE_MINIMUM"] = "100",
        }, cancellationToken);

    /// <summary>
    /// A healer that has just started waits for Postgres before its first decision, since what it did before may be known only there: that is
    /// its start (three seconds at a load of 15), and no heal.
    /// </summary>
    private static async Task UntilItRemembersAsync(Service healer, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://{healer.Address}") };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while ((await client.GetFromJsonAsync<JsonElement>("health", patience.Token)).GetProperty("storage").GetString() != "postgres")
        {
            await Task.Delay(50, patience.Token);
        }
    }

    /// <summary>From the engine's word to the decision and to the end of the verification, by the healer's record of it.</summary>
    private static async Task<(Spread Decided, Spread Verified)> RecordedAsync(PostgresServer postgres, int heals, CancellationToken cancellationToken)
    {
        // The engine says that the last one is well before the healer has seen it twice, and stored it.
        for (var waited = 0; waited < 100 && (long)(await postgres.AskAsync("select count(*) from auto_heal.heals where verified", cancellationToken))! < heals; waited++)
        {
            await Task.Delay(100, cancellationToken);
        }
        await using var connection = await postgres.OpenAsync(cancellationToken);
        await using var ask = new NpgsqlCommand(
            "select started_at - failing_since, finished_at - failing_since from auto_heal.heals where verified", connection);
        await using var reader = await ask.ExecuteReaderAsync(cancellationToken);
        var (decided, verified) = (new List<TimeSpan>(), new List<TimeSpan>());
        while (await reader.ReadAsync(cancellationToken))
        {
            decided.Add(reader.GetTimeSpan(0));
            verified.Add(reader.GetTimeSpan(1));
        }
        return (Spread.Of(decided), Spread.Of(verified));
    }
}
