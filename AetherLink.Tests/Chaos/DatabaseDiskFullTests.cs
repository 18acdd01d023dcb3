using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using AetherLink.Tests.CommandCenter;
using AetherLink.Tests.CommandCenter.Deliveries;
using Xunit.Abstractions;

namespace AetherLink.Tests.Chaos;

/// <summary>A Command Center alone, with a Postgres whose disk is full for a while under a load of events that all become deliveries.</summary>
public sealed class DatabaseDiskFullTests(ITestOutputHelper output)
{
    private const int Publishers = 4;

    /// <summary>Told "not now" so often, it is sure that nothing is taken.</summary>
    private const int Refusals = 50;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, byte> _acknowledged = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _received = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _strange = new();
    private int _numbers;
    private int _refused;

    [SmallDiskFact("a Postgres of its own, its disk, and what a full one leaves to be done take longer than every run has")]
    public Task Nothing_acknowledged_is_lost_and_callers_are_told_to_come_back_while_the_disk_of_Postgres_is_full() =>
        new Campaign("disk of Postgres full", output).RunAsync(Soak.Rounds(sample: 1, soak: 8), async random =>
        {
            _acknowledged.Clear();
            _received.Clear();
            _strange.Clear();
            using var postgres = await SmallPostgres.StartAsync();
            await using var receiver = await Receiver.StartAsync();
            receiver.Answer = (_, delivery) =>
            {
                _received[(string)JsonNode.Parse(delivery.Body)!["data"]!["event_id"]!] = 0;
                return Task.CompletedTask;
            };
            await using var center = await DeliveringCommandCenter.StartServiceAsync(postgres.ConnectionString);
            var (tenant, recovery) = (CommandCenterRequests.NewTenant(), TimeSpan.Zero);
            using var admin = center.Client("admin", tenant);
            using var added = await admin.PostAsync(
                "/alerts/webhooks", $$"""{"url":"{{receiver.At("/hook")}}","event_types":["lead.*"]}""", "application/json");
            Assert.True(added.IsSuccessStatusCode, await added.Content.ReadAsStringAsync());

            using var enough = new CancellationTokenSource();
            var load = Task.WhenAll(Enumerable.Range(0, Publishers).Select(_ => PublishAsync(center, tenant, enough.Token)));
            try
            {
                await Eventually.True(() => _acknowledged.Count > 100, Soon, "the load is on");
                await Faults.PassAsync(random.NextTime(TimeSpan.FromSeconds(2)));
                recovery = await FillAsync(postgres, random);
            }
            finally
            {
                await enough.CancelAsync();
                await load;
            }
            output.WriteLine($"{_refused} refused, Postgres started again {postgres.Restarts} times");
            Assert.Empty(_strange);
            return new(await FindingsAsync(center, tenant, postgres), recovery);
        });

    private async Task<TimeSpan> FillAsync(SmallPostgres postgres, Random random)
    {
        var refused = _refused;
        postgres.Fill();
        await Eventually.True(
            () =>
            {
                postgres.Attend();
                return _refused >= refused + Refusals;
            }, Soon, "callers are told that nothing is taken");
        var full = Stopwatch.StartNew();
        var time = random.NextTime(TimeSpan.FromSeconds(5));
        await Eventually.True(
            () =>
            {
                postgres.Attend();
                return full.Elapsed > time;
            }, Soon, "it was full for a while");
        postgres.Empty();
        var (watch, before) = (Stopwatch.StartNew(), _acknowledged.Count);
        await Eventually.True(
            () =>
            {
                postgres.Attend();
                return _acknowledged.Count > before + Publishers;
            }, Soon, "events are taken again");
        return watch.Elapsed;
    }

    /// <summary>Each event until it is acknowledged; whoever is not is told so as a problem, and when to come back.</summary>
    private async Task PublishAsync(RunningCommandCenter center, string tenant, CancellationToken enough)
    {
        using var client = center.Client(tenant: tenant);
        while (!enough.IsCancellationRequested)
        {
            var id = $"e{Interlocked.Increment(ref _numbers)}";
            while (!enough.IsCancellationRequested)
            {
                // A row wide enough that the tables grow.
                using var answer = await client.PublishAsync(id, payload: new { lead_id = id, text = new string('x', 500) });
                if (answer.IsSuccessStatusCode)
                {
                    _acknowledged[id] = 0;
                    break;
                }
                if (answer.StatusCode is not HttpStatusCode.ServiceUnavailable || answer.Headers.RetryAfter is null
                    || answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
                {
                    _strange.Enqueue($"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(CancellationToken.None)}");
                    return;
                }
                Interlocked.Increment(ref _refused);
            }
        }
    }

    private async Task<Findings> FindingsAsync(RunningCommandCenter center, string tenant, SmallPostgres postgres)
    {
        var stored = new List<string>();
        try
        {
            await Eventually.True(
                async () =>
                {
                    postgres.Attend();
                    stored = [.. (await new Records((_, roles) => center.Client(roles, tenant)).EventsAsync()).Select(one => one.EventId)];
                    return _acknowledged.Keys.All(_received.ContainsKey);
                },
                Soon, "every acknowledged event has been received");
        }
        catch (TimeoutException)
        {
            // The findings say what is missing.
        }
        return new()
        {
            Acknowledged = _acknowledged.Count,
            Calls = 0,
            Lost = [.. _acknowledged.Keys.Except(stored), .. _acknowledged.Keys.Where(id => !_received.ContainsKey(id)).Select(id => $"{id} not delivered")],
            Duplicated = [.. stored.GroupBy(id => id, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key)],
            RefusedAndStored = [],
            Unaudited = [],
            Unannounced = [],
            Strange = [],
            StreamFaults = [],
        };
    }
}
