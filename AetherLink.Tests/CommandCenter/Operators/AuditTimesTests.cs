using System.Globalization;

namespace AetherLink.Tests.CommandCenter.Operators;

/// <summary>Entries of two days, ten minutes apart, of replicas whose clocks are up to twenty minutes apart: their times are not in their order.</summary>
public sealed class AuditTimesTests(AuditedCommandCenter audited) : IClassFixture<AuditedCommandCenter>
{
    private const int Count = 288;

    private static readonly DateTimeOffset Start = new(DateTime.UtcNow.Date.AddDays(-30), TimeSpan.Zero);

    private static readonly string?[] Tenants = [null, "a", "b"];

    [Fact]
    public async Task List_of_a_time_and_its_figures_are_of_the_entries_of_that_time_and_no_others()
    {
        using var client = audited.Center.Service.Client();
        var random = new Random(20_261_121);
        var times = Enumerable.Range(1, Count).Select(n => Start.AddMinutes(10 * n + random.Next(-10, 11))).ToArray();
        await ExecuteAsync(times);

        foreach (var (since, until) in ((int, int)[])[(0, 60), (-600, 30), (700, 790), (1_440, 1_441), (2_700, 9_000), (5_000, 6_000), (-90, -60)])
        {
            var (from, to) = (Start.AddMinutes(since), Start.AddMinutes(until));
            var wanted = Enumerable.Range(1, Count).Where(n => times[n - 1] >= from && times[n - 1] < to).Reverse();

            var page = await client.JsonAsync($"/audit/operator?limit=500&since={Text(from)}&until={Text(to)}");

            Assert.Equal(wanted, page["entries"]!.AsArray().Select(entry => (int)entry!["sequence"]!));
        }
        var all = await client.JsonAsync("/audit/operator/stats?hours=8784");
        Assert.Equal(Count, (int)all["total"]!);
        Assert.Equal(["made 144", "ended 96", "begun 48"], all["by_action"]!.AsObject().Select(one => $"{one.Key} {one.Value}"));
        // As many of each: in the order of their names.
        Assert.Equal(Enumerable.Range(0, 100).Select(n => $"actor-{n:000}"), all["by_actor"]!.AsObject().Select(one => one.Key));

        await AreCountedAsync(times);
        await using var prune = audited.Center.Source.CreateCommand("delete from command_center.operator_audit where seq <= 100");
        await prune.ExecuteNonQueryAsync();
        await AreCountedAsync(times, pruned: 100);
    }

    /// <summary>From any hour on, of everybody and of each tenant: whole days are summed up beforehand, and the first is not whole.</summary>
    private async Task AreCountedAsync(DateTimeOffset[] times, int pruned = 0)
    {
        foreach (var tenant in Tenants)
        {
            using var client = audited.Center.Service.Client(tenant: tenant);
            for (var (hours, end) = ((int)(DateTimeOffset.UtcNow - Start).TotalHours + 1, 27 * 24); hours > end; hours -= 5)
            {
                var most = Wanted(hours);
                var stats = await client.JsonAsync($"/audit/operator/stats?hours={hours}");

                Assert.InRange((int)stats["total"]!, Wanted(hours), most);
                Assert.Equal((int)stats["total"]!, stats["by_action"]!.AsObject().Sum(one => (int)one.Value!));
            }

            int Wanted(int hours) => Enumerable.Range(1 + pruned, Count - pruned).Count(n =>
                times[n - 1] >= DateTimeOffset.UtcNow.AddHours(-hours) && (tenant is null || Tenants[n % 3] == tenant));
        }
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private async Task ExecuteAsync(DateTimeOffset[] times)
    {
        await using var insert = audited.Center.Source.CreateCommand(
            """
            insert into command_center.operator_audit (seq, at, tenant_id, actor, roles, action, target, hash)
            select n, at, case n % 3 when 1 then 'a' when 2 then 'b' end, 'actor-' || lpad((n % 144)::text, 3, '0'), array['admin'],
                case n % 6 when 0 then 'begun' when 1 then 'ended' when 2 then 'ended' else 'made' end, 'target', ''
            from unnest($1) with ordinality one (at, n)
            """);
        insert.Parameters.Add(new Npgsql.NpgsqlParameter<DateTime[]> { TypedValue = [.. times.Select(time => time.UtcDateTime)] });
        await insert.ExecuteNonQueryAsync();
    }
}
