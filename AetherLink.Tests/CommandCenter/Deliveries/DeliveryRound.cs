using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using AetherLink.Tests.Chaos;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace AetherLink.Tests.CommandCenter.Deliveries;

/// <summary>A tenant of its own, its receiver that counts, and a load whose events all become deliveries.</summary>
internal sealed class DeliveryRound(NpgsqlDataSource source, Receiver receiver, Random random)
{
    /// <summary>What a process that was killed had written to its socket may be read this much later.</summary>
    private static readonly TimeSpan OnItsWay = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Soon = Soak.Time(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(3));

    private readonly string _tenant = CommandCenterRequests.NewTenant();
    private readonly ConcurrentDictionary<string, bool> _acknowledged = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Reception>> _received = new(StringComparer.Ordinal);
    private int _numbers;

    private sealed record Reception(string MessageId, long At, bool Accepted);

    public async Task BeginAsync(KilledReplicas replicas)
    {
        // Some answers take a while and some fail, so that a kill finds deliveries in every state.
        var chances = new Random(random.Next());
        receiver.Answer = async (context, received) =>
        {
            int chance;
            lock (chances)
            {
                chance = chances.Next(20);
            }
            if (chance < 2)
            {
                await Faults.PassAsync(TimeSpan.FromMilliseconds(20 * chance));
            }
            var refused = chance == 3;
            var eventId = (string)JsonNode.Parse(received.Body)!["data"]!["event_id"]!;
            _received.GetOrAdd(eventId, _ => new()).Enqueue(new(received.Id!, received.At, !refused));
            context.Response.StatusCode = refused ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        };
        using var admin = replicas.All[0].Client("admin", _tenant);
        using var added = await admin.PostAsync("/alerts/webhooks", $$"""{"url":"{{receiver.At("/hook")}}","event_types":["lead.*"]}""", "application/json");
        Assert.True(added.IsSuccessStatusCode, await added.Content.ReadAsStringAsync());
    }

    /// <summary>A load on both, a kill of one at a moment of chance within it, and what the other does meanwhile.</summary>
    public Task<TimeSpan> StrikeAsync(KilledReplicas replicas) => StrikeAsync(replicas, () =>
    {
        replicas.Kill(random.Next(replicas.All.Count));
        return Task.CompletedTask;
    });

    /// <summary>The same with another strike.</summary>
    public async Task<TimeSpan> StrikeAsync(KilledReplicas replicas, Func<Task> strike)
    {
        using var enough = new CancellationTokenSource();
        var (before, delivered) = (_acknowledged.Count, _received.Count);
        var load = Task.WhenAll(replicas.All.SelectMany(replica => Enumerable.Range(0, 2).Select(_ => PublishAsync(replica, enough.Token))));
        var moment = random.Next(1, 80);
        await Eventually.True(() => _acknowledged.Count >= before + moment, Soon, "the load is on");
        await strike();
        var (struck, watch) = (_received.Count, Stopwatch.StartNew());
        await Eventually.True(() => _received.Count > struck, Soon, "what is left delivers");
        var recovery = watch.Elapsed;
        await enough.CancelAsync();
        await load;
        Assert.True(_received.Count > delivered);
        await replicas.StandUpAsync();
        await HurryAsync();
        return recovery;
    }

    public async Task<Findings> EndAsync(KilledReplicas replicas)
    {
        try
        {
            await Eventually.True(
                async () =>
                {
                    await HurryAsync();
                    return await QueuedAsync() == 0 && _acknowledged.Keys.All(IsDelivered);
                },
                Soon, "every acknowledged event has been received");
        }
        catch (TimeoutException)
        {
            // The findings say what is missing.
        }
        var lost = _acknowledged.Keys.Where(id => !IsDelivered(id)).ToList();
        // A second id of one event, or a second time without a reason for it.
        var twice = _received.Where(one => one.Value.Select(reception => reception.MessageId).Distinct().Count() > 1)
            .Select(one => $"{one.Key} under several ids").ToList();
        var leases = await LostLeasesAsync();
        twice.AddRange(_received
            .Where(one => !leases.Contains(one.Key) && !IsExplained([.. one.Value.OrderBy(reception => reception.At)], replicas.Times))
            .Select(one => $"{one.Key} twice without a lost lease"));
        return new()
        {
            Acknowledged = _acknowledged.Count,
            Calls = 0,
            Lost = lost,
            Duplicated = twice,
            RefusedAndStored = [],
            Unaudited = [],
            Unannounced = [],
            Strange = [],
            StreamFaults = [],
        };
    }

    private bool IsDelivered(string id) => _received.TryGetValue(id, out var receptions) && receptions.Any(one => one.Accepted);

    /// <summary>Again after a refusal, or after the kill of whoever held the lease: it did not live to record what it had sent.</summary>
    private static bool IsExplained(List<Reception> receptions, IReadOnlyList<Kill> kills) => receptions.Zip(receptions.Skip(1)).All(pair =>
        !pair.First.Accepted
        || kills.Any(kill => Stopwatch.GetElapsedTime(kill.To, pair.First.At) <= OnItsWay && pair.Second.At >= kill.From));

    private async Task PublishAsync(CommandCenterProcess center, CancellationToken enough)
    {
        using var client = center.Client(tenant: _tenant);
        while (!enough.IsCancellationRequested)
        {
            var id = $"e{Interlocked.Increment(ref _numbers)}";
            try
            {
                using var answer = await client.PublishAsync(id);
                if (answer.IsSuccessStatusCode)
                {
                    _acknowledged[id] = true;
                }
            }
            catch (HttpRequestException)
            {
                return; // killed
            }
        }
    }

    /// <summary>Nobody waits for the schedule here: what failed is due at once.</summary>
    private async Task HurryAsync()
    {
        await using var command = source.CreateCommand(
            """
            update command_center.webhook_endpoints set cooldown_until = null, failures = 0 where tenant_id = $1;
            update command_center.delivery_queue set due_at = now() where lease_until is null and tenant_id = $1
            """.Replace("$1", $"'{_tenant}'", StringComparison.Ordinal));
        await command.ExecuteNonQueryAsync();
    }

    private async Task<long> QueuedAsync()
    {
        await using var command = source.CreateCommand("select count(*) from command_center.delivery_queue where tenant_id = $1");
        command.Parameters.Add(new() { Value = _tenant });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task<HashSet<string>> LostLeasesAsync()
    {
        await using var command = source.CreateCommand(
            """
            select d.event_id from command_center.delivery_attempts a join command_center.deliveries d on d.id = a.delivery_id
            where a.lease_lost and d.tenant_id = $1
            """);
        command.Parameters.Add(new() { Value = _tenant });
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync())
        {
            ids.Add(reader.GetString(0));
        }
        return ids;
    }
}
