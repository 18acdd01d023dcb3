using System.Diagnostics;
using AetherLink.Tests.Chaos;
using AetherLink.Tests.Postgres;
using Npgsql;
using Xunit.Abstractions;

namespace AetherLink.Tests.CommandCenter.Alerts;

[Collection(Alone.Name)]
public sealed class EvaluatorKilledTests(PostgresDatabase database, ITestOutputHelper output) : IClassFixture<PostgresDatabase>
{
    /// <summary>Every group gets its first event this many before its second: a window that is not rebuilt misses the crossing.</summary>
    private const int Apart = 50;

    private static readonly TimeSpan Takeover = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Soon = Soak.Time(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(3));

    /// <summary>A round's groups stay within the thousand that a rule keeps windows for: half of each kill's are let go before it, half after.</summary>
    private const int First = 100;

    private readonly int _kills = Soak.IsOn ? 10 : 1;

    private int Share => 800 / (2 * _kills);

    /// <summary>kill -9 of the process that evaluates, under load.</summary>
    [Fact]
    public async Task Another_process_evaluates_within_five_seconds_of_a_kill_and_raises_nothing_twice_and_misses_nothing()
    {
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        using var replicas = new KilledReplicas(database.ConnectionString);
        await new Campaign("evaluator killed, one of two replicas", output).RunAsync(Soak.Rounds(sample: 1, soak: 10), async _ =>
        {
            await replicas.StandUpAsync();
            var tenant = CommandCenterRequests.NewTenant();
            using (var client = replicas.All[0].Client(tenant: tenant))
            {
                await client.RuleAsync(new { name = tenant, event_type = "lead.created", group_by = "payload.n", window_seconds = 3600, threshold = 2 });
                await client.EvaluateAsync();
            }
            var (groups, takeovers) = (0, new List<TimeSpan>());
            using var permits = new SemaphoreSlim(First);
            while (takeovers.Count < _kills)
            {
                (groups, var takeover) = await StrikeAsync(replicas, source, tenant, groups, permits);
                takeovers.Add(takeover);
                await replicas.StandUpAsync();
            }
            return new(await EndAsync(replicas, source, tenant, groups), takeovers);
        });
    }

    private async Task<(int Groups, TimeSpan Takeover)> StrikeAsync(
        KilledReplicas replicas, NpgsqlDataSource source, string tenant, int groups, SemaphoreSlim permits)
    {
        string? leader = null;
        await Eventually.True(
            async () => (leader = await LeaderAsync(source)) is not null && replicas.All.Any(one => one.Name == leader), Soon, "somebody evaluates");
        var survivor = replicas.All.Single(one => one.Name != leader);
        using var enough = new CancellationTokenSource();
        var raised = await RaisedAsync(source, tenant);
        permits.Release(Share);
        var load = PublishAsync(survivor, tenant, groups, permits, enough.Token);
        await Eventually.True(async () => await RaisedAsync(source, tenant) > raised + 5, Soon, "alerts are raised");

        var watch = Stopwatch.StartNew();
        replicas.Kill(replicas.All.TakeWhile(one => one.Name != leader).Count());
        await Eventually.True(async () => await LeaderAsync(source) == survivor.Name, Takeover, "the other evaluates");
        raised = await RaisedAsync(source, tenant);
        permits.Release(Share);
        await Eventually.True(async () => await RaisedAsync(source, tenant) > raised, Soon, "the other raises");
        var takeover = watch.Elapsed;
        await enough.CancelAsync();
        return (await load, takeover);
    }

    /// <summary>How many groups there are now; all but the last have both of their events.</summary>
    private static async Task<int> PublishAsync(CommandCenterProcess center, string tenant, int groups, SemaphoreSlim permits, CancellationToken enough)
    {
        using var client = center.Client(tenant: tenant);
        for (; await MayAsync(permits, enough); groups++)
        {
            await client.PublishManyAsync(1, payload: new { n = groups });
            if (groups >= Apart)
            {
                await client.PublishManyAsync(1, payload: new { n = groups - Apart });
            }
        }
        return groups;
    }

    private static async Task<bool> MayAsync(SemaphoreSlim permits, CancellationToken enough)
    {
        try
        {
            await permits.WaitAsync(enough);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task<Findings> EndAsync(KilledReplicas replicas, NpgsqlDataSource source, string tenant, int groups)
    {
        using (var client = replicas.All[0].Client(tenant: tenant))
        {
            await client.EvaluateAsync();
        }
        await using var alerts = Of(source, "select group_key from command_center.alerts where rule_name = $1", tenant);
        await using var events = Of(
            source, "select payload ->> 'group' from command_center.events where event_type = 'ops.alert.raised' and payload ->> 'rule_name' = $1", tenant);
        var (stored, told) = (await TextsAsync(alerts), await TextsAsync(events));
        string[] expected = [.. Enumerable.Range(0, groups - Apart).Select(n => $"{n}")];
        return new()
        {
            Acknowledged = groups + expected.Length,
            Calls = 0,
            Lost = [.. expected.Except(stored).Concat(expected.Except(told))],
            Duplicated = [.. Repeated(stored), .. Repeated(told)],
            RefusedAndStored = [.. stored.Concat(told).Except(expected)],
            Unaudited = [],
            Unannounced = [],
            Strange = [],
            StreamFaults = [],
        };
    }

    private static IEnumerable<string> Repeated(IEnumerable<string> texts) =>
        texts.GroupBy(text => text, StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same => same.Key);

    private static async Task<string?> LeaderAsync(NpgsqlDataSource source)
    {
        await using var command = AlertRequests.OfEvaluator(source, "min(application_name)");
        return await command.ExecuteScalarAsync() as string;
    }

    private static async Task<long> RaisedAsync(NpgsqlDataSource source, string tenant)
    {
        await using var command = Of(source, "select count(*) from command_center.alerts where rule_name = $1", tenant);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static NpgsqlCommand Of(NpgsqlDataSource source, string sql, string tenant)
    {
        var command = source.CreateCommand(sql);
        command.Parameters.Add(new() { Value = tenant });
        return command;
    }

    private static async Task<List<string>> TextsAsync(NpgsqlCommand command)
    {
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await reader.ReadAsync())
        {
            texts.Add(reader.GetString(0));
        }
        return texts;
    }
}
