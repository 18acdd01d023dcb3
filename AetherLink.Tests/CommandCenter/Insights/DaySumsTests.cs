using System.Globalization;
using System.Text.Json.Nodes;
using AetherLink.CommandCenter.Deliveries;
using AetherLink.CommandCenter.Deliveries.Retaining;
using AetherLink.CommandCenter.Events.Retaining;
using AetherLink.CommandCenter.Insights.Anomalies.Judging;
using AetherLink.CommandCenter.Insights.Summing;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.CommandCenter.Alerts;
using AetherLink.Tests.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using static AetherLink.Tests.CommandCenter.CommandCenterRequests;

namespace AetherLink.Tests.CommandCenter.Insights;

/// <summary>Days are summed up so that a month is read quickly: nobody may tell it by the answers.</summary>
public sealed class DaySumsTests(AlertsFixture fixture) : IClassFixture<AlertsFixture>
{
    private static readonly DateTimeOffset Midnight = new(DateTimeOffset.UtcNow.UtcDateTime.Date, TimeSpan.Zero);

    private readonly string _tenant = NewTenant();

    [Fact]
    public async Task Figures_are_the_same_before_and_after_the_days_are_summed_up_and_are_read_from_the_sums_then()
    {
        await ResetAsync();
        await CountAsync(_tenant);
        await CountAsync(NewTenant());
        using var own = fixture.Service.Client(tenant: _tenant);
        using var all = fixture.Service.Client();

        var (before, beforeOfAll) = (await AnswersAsync(own), await HoursAsync(all));
        await SumAsync(TimeProvider.System);
        var (after, afterOfAll) = (await AnswersAsync(own), await HoursAsync(all));
        // Twice is once; and what has been summed up is not read again.
        await SumAsync(TimeProvider.System);
        foreach (var table in (string[])["event_counts", "delivery_counts", "endpoint_counts"])
        {
            await fixture.Source.ExecuteAsync($"delete from command_center.{table} where hour < date_trunc('day', now() - interval '2 days', 'UTC')");
        }
        var (fromSums, fromSumsOfAll) = (await AnswersAsync(own), await HoursAsync(all));

        Assert.All(before, answer => Assert.Matches("\"(events|delivered)\":[1-9]", answer));
        Assert.Equal(before, after);
        Assert.Equal(before, fromSums);
        Assert.Equal(beforeOfAll, afterOfAll);
        Assert.Equal(beforeOfAll, fromSumsOfAll);
    }

    [Fact]
    public async Task Day_is_summed_up_an_hour_after_its_end_and_no_sooner()
    {
        await ResetAsync();
        await fixture.Source.ExecuteAsync($"insert into command_center.event_counts values (date_trunc('day', now() - interval '9 days', 'UTC'), '{_tenant}', 'lead.created', 0, 1)");

        await SumAsync(At(Midnight.AddDays(-9).AddHours(24.9)));
        Assert.Null(await SummedToAsync());
        await SumAsync(At(Midnight.AddDays(-9).AddHours(25)));
        Assert.Equal(Midnight.AddDays(-8), await SummedToAsync());
        await SumAsync(At(Midnight.AddDays(-5).AddHours(1.5)));
        Assert.Equal(Midnight.AddDays(-5), await SummedToAsync());
    }

    [Fact]
    public async Task Sums_go_with_what_they_are_of_once_their_day_is_gone_wholly()
    {
        await ResetAsync();
        var endpoint = await fixture.Source.EndpointAsync(_tenant);
        foreach (var days in (int[])[3, 6, 8, 95])
        {
            await fixture.Source.ExecuteAsync(
                $"""
                insert into command_center.event_days select date_trunc('day', now() - interval '{days} days', 'UTC'), t, 'lead.created', 0, 1 from (values ('{_tenant}'), ('other')) v (t);
                insert into command_center.trend_hours select t, date_trunc('day', now() - interval '{days} days', 'UTC'), 1, 0, 0, 0, 0, 0, 0, 0, 0 from (values ('{_tenant}'), ('other'), ('')) v (t);
                insert into command_center.delivery_days values (date_trunc('day', now() - interval '{days} days', 'UTC'), '{_tenant}', 0, -1, 1);
                insert into command_center.endpoint_days values (date_trunc('day', now() - interval '{days} days', 'UTC'), '{endpoint}', '{_tenant}', 1, 0, 0, 0, 0);
                """);
        }

        // The service prunes by itself once it has started, and only one prunes at a time.
        await Eventually.True(
            async () => await new Pruning(fixture.Source, TimeProvider.System).PruneAsync(new(90, new Dictionary<string, int> { [_tenant] = 5 }), CancellationToken.None) is not null,
            TimeSpan.FromSeconds(30), "nobody else prunes");
        await new DeliveryPruning(fixture.Source, Options.Create(new DeliveryOptions { RetentionDays = 5 }), TimeProvider.System).PruneAsync(CancellationToken.None);

        Assert.Equal((1L, 3L, 1L, 3L, 3L), (await LeftAsync("event_days", _tenant), await LeftAsync("event_days", "other"), await LeftAsync("trend_hours", _tenant),
            await LeftAsync("trend_hours", "other"), await LeftAsync("trend_hours", "")));
        Assert.Equal((1L, 1L), (await LeftAsync("delivery_days", _tenant), await LeftAsync("endpoint_days", _tenant)));
    }

    [Fact]
    public async Task Anomalies_are_counted_by_the_day_as_they_are_one_by_one_whatever_becomes_of_them()
    {
        string[] steps =
        [
            $"""
            insert into command_center.anomalies (id, group_id, tenant_id, series, kind, state, severity, since, last_seen, detected_at, score, observed, expected, deviations)
            select gen_random_uuid(), gen_random_uuid(), t, 'series/' || n || '/' || hours, 0, 0, 1, at, at, at, 50, 200, 20, 8
            from unnest(array[0, 1, 30, 47, 100, 500, 700]) hours, (values ('{_tenant}'), ('{NewTenant()}')) v (t), generate_series(1, 5) n,
                lateral (select now() - hours * interval '1 hour') began (at)
            """,
            "update command_center.anomalies set state = 3, triaged_by = 'somebody' where series like 'series/1/%'",
            // Somebody has seen it, and later its series is back; what nobody has seen ends, too.
            "update command_center.anomalies set state = 1, triaged_by = 'somebody' where series like 'series/2/%'",
            "update command_center.anomalies set state = 2, ended_at = now() where state < 2 and series not like 'series/5/%'",
            "update command_center.anomalies set state = 3, triaged_by = 'another' where series like any (array['series/2/1%', 'series/3/%'])",
            "update command_center.anomalies set last_seen = now(), score = 60 where series like 'series/5/%'",
            "update command_center.anomalies set severity = 2 where series like '%/1%'",
            $"delete from command_center.anomalies where series like 'series/1/%' or (series like '%/500' and tenant_id = '{_tenant}')",
        ];
        using var own = fixture.Service.Client(tenant: _tenant);
        using var all = fixture.Service.Client();
        foreach (var step in steps)
        {
            await fixture.Source.ExecuteAsync(step);

            Assert.Equal(0L, await WrongDaysAsync());
            // Two hours and more from any of them, so that the hour may end meanwhile.
            foreach (var hours in (int[])[24, 40, 60, 120, 600, 744])
            {
                foreach (var (client, whose) in ((HttpClient, string)[])[(own, _tenant), (all, "")])
                {
                    var (expected, summary, stats) = (await OneByOneAsync(hours, whose), await AskAsync(client, "/operator-insights/summary", hours), await AskAsync(client, "/anomalies/stats", hours));
                    Assert.Equal(expected, Figures(summary["anomalies"]!));
                    Assert.Equal(expected, Figures(stats));
                    Assert.Equal(expected.Total, stats["by_state"]!.AsObject().Sum(state => (long)state.Value!));
                }
            }
        }
        Assert.Equal((24L, 12L, 8L), Figures(await AskAsync(own, "/anomalies/stats", 744)));
    }

    [Theory]
    [InlineData(0, null, 0, 0)]
    [InlineData(0, 48, 0, 48)]
    [InlineData(5, 48, 24, 48)]
    [InlineData(5, 24, 24, 24)]
    [InlineData(29, 24, 48, 48)]
    [InlineData(29, null, 48, 48)]
    public void Span_is_hours_until_midnight_then_the_days_that_are_summed_up_then_hours(int since, int? summed, int whole, int till) => Assert.Equal(
        new(Midnight.AddHours(since), Midnight.AddHours(whole), Midnight.AddHours(till)),
        SummedSpan.Of(Midnight.AddHours(since), summed is { } to ? Midnight.AddHours(to) : null));

    /// <summary>Those of a month's whole days; and of a day and two nights, whose hours are left.</summary>
    private static async Task<List<string>> AnswersAsync(HttpClient client)
    {
        var answers = new List<string>();
        foreach (var path in (string[])["/operator-insights/summary", "/operator-insights/trends", "/tenant_analytics/summary"])
        {
            foreach (var hours in (int[])[24, 24 * 31])
            {
                answers.Add((await client.JsonAsync(string.Create(CultureInfo.InvariantCulture, $"{path}?hours={hours}"))).ToJsonString());
            }
        }
        return answers;
    }

    private static Task<JsonObject> AskAsync(HttpClient client, string path, int hours) =>
        client.JsonAsync(string.Create(CultureInfo.InvariantCulture, $"{path}?hours={hours}"));

    private static (long Total, long Judged, long Wrong) Figures(JsonNode told) => ((long)told["total"]!, (long)told["judged"]!, (long)told["false_positives"]!);

    /// <summary>Of everybody's trends the hours that are over: in this one the service itself says something now and then.</summary>
    private static async Task<List<string>> HoursAsync(HttpClient client) =>
        [.. (await client.JsonAsync("/operator-insights/trends?hours=744"))["by_hour"]!.AsArray().SkipLast(1).Select(hour => hour!.ToJsonString())];

    private async Task CountAsync(string tenant)
    {
        var endpoint = await fixture.Source.EndpointAsync(tenant);
        await fixture.Source.ExecuteAsync(
            $"""
            insert into command_center.event_counts
                select date_trunc('hour', now(), 'UTC') - n * interval '1 hour', '{tenant}',
                    (array['lead.created', 'ops.alert.raised', 'ops.anomaly.detected', 'autoheal.attempted', 'lead.assigned'])[1 + n % 5], n % 4, 1 + n * 7 % 11
                from generate_series(0, 130) n;
            insert into command_center.delivery_counts
                select date_trunc('hour', now(), 'UTC') - n * interval '1 hour', '{tenant}', (array[0, 1, 2, 4])[1 + n % 4], n % 4 - 1, 1 + n * 5 % 7
                from generate_series(0, 130) n;
            insert into command_center.endpoint_counts
                select date_trunc('hour', now(), 'UTC') - n * interval '1 hour', '{endpoint}', '{tenant}', 1 + n % 5, n % 3, n % 2, n % 2, (n + 1) % 2
                from generate_series(0, 130) n;
            """);
    }

    /// <param name="hours">The last ones.</param>
    /// <param name="tenant">Whose; empty for everybody's.</param>
    private async Task<(long Total, long Judged, long Wrong)> OneByOneAsync(int hours, string tenant)
    {
        await using var command = fixture.Source.CreateCommand(
            $"""
            select count(*), count(*) filter (where {AnomalyReader.IsJudged}), count(*) filter (where state = 3)
            from command_center.anomalies where since >= now() - interval '{hours} hours' and '{tenant}' in ('', tenant_id)
            """);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2));
    }

    /// <summary>Days whose counts are not those of their anomalies.</summary>
    private async Task<long> WrongDaysAsync()
    {
        await using var command = fixture.Source.CreateCommand(
            $"""
            with counted as (
                select w.whose, date_trunc('day', since, 'UTC'), split_part(series, '/', 1), state, severity, {AnomalyReader.IsJudged}, count(*)
                from command_center.anomalies a cross join lateral (values (''), (a.tenant_id)) w (whose) group by 1, 2, 3, 4, 5, 6
            ), kept as (select * from command_center.anomaly_days where anomalies <> 0)
            select count(*) from ((table counted except table kept) union all (table kept except table counted)) wrong
            """);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task<long> LeftAsync(string table, string whose)
    {
        await using var command = fixture.Source.CreateCommand($"select count(*) from command_center.{table} where tenant_id = '{whose}'");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private Task ResetAsync() => fixture.Source.ExecuteAsync(
        """
        truncate command_center.event_days, command_center.delivery_days, command_center.endpoint_days, command_center.trend_hours;
        update command_center.summed_days set summed_to = null;
        delete from command_center.event_counts where hour < date_trunc('day', now(), 'UTC');
        delete from command_center.delivery_counts;
        delete from command_center.endpoint_counts;
        """);

    private async Task SumAsync(TimeProvider clock)
    {
        using var summing = new DaySumming(
            fixture.Source, fixture.Service.Services.GetRequiredService<DatabaseReady>(), clock, NullLogger<DaySumming>.Instance);
        await summing.SumAsync(CancellationToken.None);
    }

    private async Task<DateTimeOffset?> SummedToAsync()
    {
        await using var connection = await fixture.Source.OpenConnectionAsync();
        return await SummedSpan.SummedToAsync(connection, CancellationToken.None);
    }

    private static SetClock At(DateTimeOffset time)
    {
        var clock = new SetClock();
        clock.Set(time - clock.GetUtcNow());
        return clock;
    }
}
