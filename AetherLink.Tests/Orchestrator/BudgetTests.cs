using System.Net;
using System.Text.Json.Nodes;
using AetherLink.Orchestrator.Governance.Budgets;
using AetherLink.Orchestrator.Governance.Usage;
using AetherLink.ServiceDefaults;
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
        await using var one = await StartAsync(yaml);
        await using var two = await StartAsync(yaml);

        var statuses = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(async call =>
        {
            using var response = await Ask(call % 2 == 0 ? one : two, "crowd");
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
        await Eventually.True(async () => await Long("select coalesce(sum(spent), 0)::bigint from orchestrator.budget_leases where tenant_id = 'crowd' and unit = 'tokens'") == tokens,
            Patience, "what was spent is known to Postgres");
        Assert.InRange(await Long("select taken from orchestrator.budgets where tenant_id = 'crowd' and unit = 'tokens'"), tokens, 10_000);
    }

    [Fact]
    public async Task Calls_are_made_until_the_budget_is_spent_and_then_refused_or_given_to_who_is_free()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Of("http", Answers.Lead));
        await using var strict = await StartAsync(GovernedCalls.Yaml(provider.Url, "budgets: {default: {usd: 0.02, period: month}}"));
        await using var kind = await StartAsync(GovernedCalls.Yaml(provider.Url, "budgets: {default: {usd: 0.000001, period: month}}", withLocal: true));

        var answered = 0;
        HttpResponseMessage? refused = null;
        while (answered < 1_000)
        {
            refused = await Ask(strict, "thrifty");
            if (refused.StatusCode != HttpStatusCode.OK) break;
            answered++;
            refused.Dispose();
        }
        using var free = await Ask(kind, "poor");

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
        await using (var app = await StartAsync(yaml, ("DATA_DIR", folder.FullName)))
        {
            for (var call = 0; call < 5; call++) (await Ask(app, "phoenix")).Dispose();
            // As a kill would leave it: held, and never settled.
            app.Services.GetRequiredService<TenantBudgets>().Account(key).TryHold(1_000_000, 1_000_000_000, TimeSpan.Zero);
        }
        await using (var again = await StartAsync(yaml, ("DATA_DIR", folder.FullName)))
        {
            using var response = await Ask(again, "phoenix");

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var figures = again.Services.GetRequiredService<TenantBudgets>().Account(key).Figures;
            Assert.Equal((6 * 92_000, 0), (figures.Spent, figures.Held));
            Assert.Equal(1, await Long("select count(*) from orchestrator.budget_leases where tenant_id = 'phoenix'"));
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Slice_of_a_replica_that_is_cut_off_is_lent_to_nobody_until_it_gives_it_back()
    {
        await using var app = await StartAsync(OrchestratorApp.LocalOnly);
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
        Assert.Equal(100, await Long("select sum(spent)::bigint from orchestrator.budget_leases where tenant_id = 'gone'"));
    }

    [Fact]
    public async Task First_call_of_who_is_named_or_was_known_finds_its_slice_leased()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Of("http", Answers.Lead));
        var yaml = GovernedCalls.Yaml(provider.Url, "budgets: {default: {usd: 50, period: day}, tenants: {named: {usd: 50, period: month}}}");
        await using (var before = await StartAsync(yaml)) (await Ask(before, "known")).Dispose();
        await using var app = await StartAsync(yaml);
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
                using var response = await Ask(app, tenant);
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
        await using var app = await StartAsync(GovernedCalls.Yaml(provider.Url, "budgets: {default: {usd: 0.4, period: day}}"));
        (await Ask(app, "islander")).Dispose();

        await database.GoAwayAsync();
        try
        {
            using var leased = await Ask(app, "islander");
            HttpResponseMessage last;
            do
            {
                last = await Ask(app, "islander");
            }
            while (last.StatusCode == HttpStatusCode.OK);
            using var stranger = await Ask(app, "stranger");

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
            using var response = await Ask(app, "islander");
            return response.StatusCode == HttpStatusCode.OK;
        }, Patience, "calls are made again");
    }

    [Fact]
    public async Task Usage_is_told_by_tenant_provider_intent_and_hour_with_the_budgets()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Of("http", Answers.Lead));
        await using var app = await StartAsync(GovernedCalls.Yaml(provider.Url, "budgets: {tenants: {counted: {usd: 1, period: day}}}"));
        for (var call = 0; call < 3; call++) (await Ask(app, "counted")).Dispose();
        (await Ask(app, "another")).Dispose();

        JsonNode? usage = null;
        await Eventually.True(async () =>
        {
            usage = await Usage(app, "?tenant_id=counted");
            return usage!["budgets"]!.AsArray().Sum(b => (double)b!["spent"]!) > 0.00027;
        }, Patience, "what was spent is known");

        const string Figures = """{"calls":3,"succeeded":3,"cached":0,"rejected":0,"input_tokens":33,"output_tokens":21,"cost_usd":0.000276}""";
        Assert.Equal(Figures, usage!["total"]!.ToJsonString());
        Assert.Equal("""{"counted":FIGURES}""".Replace("FIGURES", Figures, StringComparison.Ordinal), usage["by_tenant"]!.ToJsonString());
        Assert.Equal("""{"paid":FIGURES}""".Replace("FIGURES", Figures, StringComparison.Ordinal), usage["by_provider"]!.ToJsonString());
        Assert.Equal("""{"extract-lead":FIGURES}""".Replace("FIGURES", Figures, StringComparison.Ordinal), usage["by_intent"]!.ToJsonString());
        Assert.Equal(Figures, usage["by_hour"]![0]!["figures"]!.ToJsonString());
        Assert.Equal(("counted", "usd", 1.0), ((string?)usage["budgets"]![0]!["tenant_id"], (string?)usage["budgets"]![0]!["unit"], (double)usage["budgets"]![0]!["limit"]!));
        using var foreign = await Send(app, "/usage?tenant_id=counted", "other");
        using var wrong = await Send(app, "/usage?hours=0", null);
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        Assert.Equal("hours: must be from 1 to 744", (await wrong.AssertProblemAsync(400)).Detail());
    }

    [Fact]
    public async Task Budgets_of_days_that_are_over_hide_nobodys_and_sums_are_made_where_the_rows_are()
    {
        await using var app = await StartAsync(OrchestratorApp.LocalOnly + "\nbudgets: {default: {tokens: 5, period: day}}");
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await source.CreateCommand(
            """
            insert into orchestrator.budgets (tenant_id, unit, period_start, taken, limited_to)
                select 'aa-worn', 'tokens', date_trunc('month', now(), 'UTC') + n * interval '1 minute', 1, 5 from generate_series(1, 600) n;
            insert into orchestrator.budgets (tenant_id, unit, period_start, taken, limited_to)
                select tenant, 'tokens', date_trunc('day', now(), 'UTC'), 1, 5 from unnest(array['aa-worn', 'zz-fresh']) tenant;
            insert into orchestrator.usage_hours (hour, tenant_id, intent, provider, calls, succeeded, cached, rejected, input_tokens, output_tokens, cost_nano_usd)
                select date_trunc('hour', now(), 'UTC'), 'many-' || n, 'i' || n % 2, 'p', 1000 + n, 1, 0, 0, 3, 2, 1 from generate_series(1, 600) n;
            """).ExecuteNonQueryAsync();

        var usage = (await Usage(app, "?hours=2"))!;
        var sums = await app.Services.GetRequiredService<UsageStore>().ReadAsync(null, DateTimeOffset.UtcNow.AddHours(-2), mostTenants: 2, default);

        Assert.Equal(
            ["aa-worn", "zz-fresh"],
            usage["budgets"]!.AsArray().Select(b => (string)b!["tenant_id"]!).Where(tenant => tenant is "aa-worn" or "zz-fresh"));
        Assert.Equal(["many-599", "many-600"], sums.ByTenant.Keys.Order(StringComparer.Ordinal));
        Assert.InRange(sums.Total.Calls, 600 * 1_300, 600 * 1_302 + 10_000);
        var tenants = usage["by_tenant"]!.AsObject();
        Assert.Equal(501, tenants.Count);
        Assert.Equal((long)usage["total"]!["calls"]!, tenants.Sum(tenant => (long)tenant.Value!["calls"]!));
    }

    private async Task<OrchestratorApp> StartAsync(string yaml, params (string, string)[] settings)
    {
        var app = await OrchestratorApp.StartAsync(yaml, true, [("ConnectionStrings:aetherlink", database.ConnectionString), .. settings]);
        await app.Services.GetRequiredService<DatabaseReady>().WaitAsync();
        await Eventually.True(() => !app.Services.GetRequiredService<TenantBudgets>().IsAway, Patience, "budgets can be asked for");
        return app;
    }

    /// <summary>What the records say, each kind of end once and how often.</summary>
    private static string Told(IEnumerable<JsonNode> records) => string.Join("; ", records
        .GroupBy(r => $"{r["outcome"]} {r["rejected_by"]} {string.Join(", ", r["attempts"]!.AsArray().Select(a => $"{a!["provider"]} {a["outcome"]} {a["error_class"]} {a["error"]}"))}")
        .Select(kind => $"{kind.Count()} × {kind.Key}"));

    private static string Figures(OrchestratorApp app) => string.Join(", ", app.Services.GetRequiredService<TenantBudgets>().Accounts
        .Select(account => $"{account.Key.Unit} {account.Figures}"));

    private static Task<HttpResponseMessage> Ask(OrchestratorApp app, string tenant) =>
        app.PostAsync(new { intent = "extract", tenant_id = tenant, payload = new { raw_text = "I'm Jane Doe" } });

    private static async Task<JsonNode?> Usage(OrchestratorApp app, string query)
    {
        using var response = await Send(app, "/usage" + query, null);
        return await OrchestratorApp.ReadAsync(response);
    }

    private static async Task<HttpResponseMessage> Send(OrchestratorApp app, string path, string? tenant)
    {
        using var client = new HttpClient { BaseAddress = app.Client.BaseAddress };
        client.DefaultRequestHeaders.Add("X-User-Roles", "operator");
        if (tenant is not null) client.DefaultRequestHeaders.Add("X-Tenant-ID", tenant);
        return await client.GetAsync(path);
    }

    private async Task<long> Long(string sql)
    {
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync() ?? 0L);
    }
}
