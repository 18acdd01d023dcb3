using System.Net;
using System.Text.Json.Nodes;
using AetherLink.Orchestrator.Governance.Budgets;
using AetherLink.Tests.Postgres;
using AetherLink.Tests.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AetherLink.Tests.Orchestrator;

/// <summary>Budgets in Postgres, leased by replicas.</summary>
public sealed class BudgetTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Budget_is_never_exceeded_by_a_thousand_calls_at_once_to_two_replicas()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Of("http", Answers.Lead));
        // For 555 calls; each holds about two hundred times its tokens while it is under way.
        var yaml = GovernedCalls.Yaml(provider.Url, "budgets: {tenants: {crowd: {usd: 0.5, tokens: 10000, period: day}}}");
        yaml = yaml.Replace("max_output_tokens: 100", "max_output_tokens: 10", StringComparison.Ordinal);
        await using var one = await Governed.StartAsync(database, yaml);
        await using var two = await Governed.StartAsync(database, yaml);

        var statuses = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(async call =>
        {
            using var response = await Governed.AskAsync(call % 2 == 0 ? one : two, "crowd");
            return response.StatusCode;
        }));
        await Eventually.True(() => one.Audit.Count + two.Audit.Count == 1_000, Patience, "an audit record for each call");

        var tokens = one.Audit.Concat(two.Audit).Sum(r => (long)r["usage"]!["input_tokens"]! + (long)r["usage"]!["output_tokens"]!);
        Assert.InRange(tokens, 0, 10_000);
        // Whoever has waited two seconds for a slice, on a machine that is busy with a thousand calls, is told to come again.
        Assert.All(statuses, s => Assert.True(s is HttpStatusCode.OK or HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable, $"{s}"));
        var audit = one.Audit.Concat(two.Audit).ToList();
        Assert.True(statuses.Contains(HttpStatusCode.OK), $"Nobody was answered, of a budget of 555 calls: {Told(audit)}; {Figures(one)}; {Figures(two)}");
        Assert.Equal(statuses.Count(s => s == HttpStatusCode.OK), provider.Asked.Count);
        Assert.Equal(statuses.Count(s => s == HttpStatusCode.TooManyRequests), audit.Count(r => (string?)r["rejected_by"] is "over_budget" or "budget_held"));
        await Eventually.True(async () => await LongAsync("select coalesce(sum(spent), 0)::bigint from orchestrator.budget_leases where tenant_id = 'crowd' and unit = 'tokens'") == tokens,
            Patience, "what was spent is known to Postgres");
        Assert.InRange(await LongAsync("select taken from orchestrator.budgets where tenant_id = 'crowd' and unit = 'tokens'"), tokens, 10_000);
    }

    [Fact]
    public async Task Calls_are_made_until_the_budget_is_spent_and_then_refused_or_given_to_who_is_free()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Of("http", Answers.Lead));
        await using var strict = await Governed.StartAsync(database, GovernedCalls.Yaml(provider.Url, "budgets: {default: {usd: 0.02, period: month}}"));
        await using var kind = await Governed.StartAsync(database, GovernedCalls.Yaml(provider.Url, "budgets: {default: {usd: 0.000001, period: month}}", withLocal: true));

        var answered = 0;
        HttpResponseMessage? refused = null;
        while (answered < 1_000)
        {
            refused = await Governed.AskAsync(strict, "thrifty");
            if (refused.StatusCode != HttpStatusCode.OK) break;
            answered++;
            refused.Dispose();
        }
        using var free = await Governed.AskAsync(kind, "poor");

        Assert.InRange(answered, 100, (int)(0.02 / GovernedCalls.CostUsd));
        Assert.Contains("budget does not cover", (await refused!.AssertProblemAsync(429)).Detail(), StringComparison.Ordinal);
        Assert.NotNull(refused!.Headers.RetryAfter);
        refused!.Dispose();
        var body = await OrchestratorApp.ReadAsync(free);
        Assert.Equal([("paid", "over_budget"), ("local", null)], body["attempts"]!.AsArray().Select(a => ((string?)a!["provider"], (string?)a["error_class"])));
    }

    [Fact]
    public async Task Restarted_replica_remembers_what_it_spent_and_has_again_what_it_only_held()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Of("http", Answers.Lead));
        var yaml = GovernedCalls.Yaml(provider.Url, "budgets: {default: {usd: 1, period: day}}");
        var key = BudgetKey.At("phoenix", BudgetUnit.NanoUsd, BudgetPeriod.Day, DateTimeOffset.UtcNow);
        var folder = Directory.CreateTempSubdirectory("orchestrator-kept-");
        await using (var app = await Governed.StartAsync(database, yaml, ("DATA_DIR", folder.FullName)))
        {
            for (var call = 0; call < 5; call++) (await Governed.AskAsync(app, "phoenix")).Dispose();
            // As a kill would leave it: held, and never settled.
            app.Services.GetRequiredService<TenantBudgets>().Account(key).TryHold(1_000_000, 1_000_000_000, TimeSpan.Zero);
        }
        await using (var again = await Governed.StartAsync(database, yaml, ("DATA_DIR", folder.FullName)))
        {
            using var response = await Governed.AskAsync(again, "phoenix");

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var figures = again.Services.GetRequiredService<TenantBudgets>().Account(key).Figures;
            Assert.Equal((6 * 92_000, 0), (figures.Spent, figures.Held));
            Assert.Equal(1, await LongAsync("select count(*) from orchestrator.budget_leases where tenant_id = 'phoenix'"));
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Slice_of_a_replica_that_is_cut_off_is_lent_to_nobody_until_it_gives_it_back()
    {
        await using var app = await Governed.StartAsync(database, OrchestratorApp.LocalOnly);
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        async Task<(long Leased, long Left)> Sync(Guid replica, long spent, long wanted)
        {
            await using var command = source.CreateCommand(
                $"select has_leased, could_lend from orchestrator.sync_lease('gone', 'tokens', '2026-11-21Z', '{replica}', 100, {spent}, {wanted})");
            await using var row = await command.ExecuteReaderAsync();
            await row.ReadAsync();
            return (row.GetInt64(0), row.GetInt64(1));
        }
        var (island, mainland) = (Guid.NewGuid(), Guid.NewGuid());

        await Sync(island, 0, 80);
        await Sync(island, 30, 0);
        await source.CreateCommand("update orchestrator.budget_leases set heard_at = heard_at - interval '1 day'").ExecuteNonQueryAsync();

        Assert.Equal((20, 0), await Sync(mainland, 20, 60));
        // It was only away, and had spent all of it.
        Assert.Equal((80, 0), await Sync(island, 80, 10));
        Assert.Equal(100, await LongAsync("select sum(spent)::bigint from orchestrator.budget_leases where tenant_id = 'gone'"));
    }

    [Fact]
    public async Task First_call_of_who_is_named_or_was_known_finds_its_slice_leased()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Of("http", Answers.Lead));
        var yaml = GovernedCalls.Yaml(provider.Url, "budgets: {default: {usd: 50, period: day}, tenants: {named: {usd: 50, period: month}}}");
        await using (var before = await Governed.StartAsync(database, yaml)) (await Governed.AskAsync(before, "known")).Dispose();
        await using var app = await Governed.StartAsync(database, yaml);
        var budgets = app.Services.GetRequiredService<TenantBudgets>();
        BudgetKey[] keys =
        [
            BudgetKey.At("named", BudgetUnit.NanoUsd, BudgetPeriod.Month, DateTimeOffset.UtcNow),
            BudgetKey.At("known", BudgetUnit.NanoUsd, BudgetPeriod.Day, DateTimeOffset.UtcNow),
        ];
        await Eventually.True(() => keys.All(key => budgets.Account(key).Figures is var f && f.Leased > f.Spent), Patience, "both have a slice");

        await database.GoAwayAsync();
        try
        {
            foreach (var tenant in (string[])["named", "known"])
            {
                using var response = await Governed.AskAsync(app, tenant);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }
        }
        finally
        {
            await database.ComeBackAsync();
        }
    }

    [Fact]
    public async Task Without_Postgres_calls_go_on_with_what_is_leased_and_then_say_so()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Of("http", Answers.Lead));
        await using var app = await Governed.StartAsync(database, GovernedCalls.Yaml(provider.Url, "budgets: {default: {usd: 0.4, period: day}}"));
        (await Governed.AskAsync(app, "islander")).Dispose();

        await database.GoAwayAsync();
        try
        {
            using var leased = await Governed.AskAsync(app, "islander");
            HttpResponseMessage last;
            do
            {
                last = await Governed.AskAsync(app, "islander");
            }
            while (last.StatusCode == HttpStatusCode.OK);
            using var stranger = await Governed.AskAsync(app, "stranger");

            Assert.Equal(HttpStatusCode.OK, leased.StatusCode);
            Assert.Contains("cannot be asked for", (await last.AssertProblemAsync(503)).Detail(), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, stranger.StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await app.Client.GetAsync("/health")).StatusCode);
        }
        finally
        {
            await database.ComeBackAsync();
        }
        await Eventually.True(async () =>
        {
            using var response = await Governed.AskAsync(app, "islander");
            return response.StatusCode == HttpStatusCode.OK;
        }, Patience, "calls are made again");
    }

    /// <summary>What the records say, each kind of end once and how often.</summary>
    private static string Told(IEnumerable<JsonNode> records) => string.Join("; ", records
        .GroupBy(r => $"{r["outcome"]} {r["rejected_by"]} {string.Join(", ", r["attempts"]!.AsArray().Select(a => $"{a!["provider"]} {a["outcome"]} {a["error_class"]} {a["error"]}"))}")
        .Select(kind => $"{kind.Count()} × {kind.Key}"));

    private static string Figures(OrchestratorApp app) => string.Join(", ", app.Services.GetRequiredService<TenantBudgets>().Accounts
        .Select(account => $"{account.Key.Unit} {account.Figures}"));

    private async Task<long> LongAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync() ?? 0L);
    }
}
