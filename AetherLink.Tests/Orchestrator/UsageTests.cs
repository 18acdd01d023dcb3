using System.Net;
using System.Text.Json.Nodes;
using AetherLink.Orchestrator.Governance.Usage;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.Postgres;
using AetherLink.Tests.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AetherLink.Tests.Orchestrator;

/// <summary>What was used, and how the budgets stand, as operators are told.</summary>
public sealed class UsageTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Usage_is_told_by_tenant_provider_intent_and_hour_with_the_budgets()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Of("http", Answers.Lead));
        await using var app = await Governed.StartAsync(database, GovernedCalls.Yaml(provider.Url, "budgets: {tenants: {counted: {usd: 1, period: day}}}"));
        for (var call = 0; call < 3; call++) (await Governed.AskAsync(app, "counted")).Dispose();
        (await Governed.AskAsync(app, "another")).Dispose();

        JsonNode? usage = null;
        await Eventually.True(async () =>
        {
            usage = await UsageAsync(app, "?tenant_id=counted");
            return usage!["budgets"]!.AsArray().Sum(b => (double)b!["spent"]!) > 0.00027;
        }, Patience, "what was spent is known");

        const string Figures = """{"calls":3,"succeeded":3,"cached":0,"rejected":0,"input_tokens":33,"output_tokens":21,"cost_usd":0.000276}""";
        Assert.Equal(Figures, usage!["total"]!.ToJsonString());
        Assert.Equal("""{"counted":FIGURES}""".Replace("FIGURES", Figures, StringComparison.Ordinal), usage["by_tenant"]!.ToJsonString());
        Assert.Equal("""{"paid":FIGURES}""".Replace("FIGURES", Figures, StringComparison.Ordinal), usage["by_provider"]!.ToJsonString());
        Assert.Equal("""{"extract-lead":FIGURES}""".Replace("FIGURES", Figures, StringComparison.Ordinal), usage["by_intent"]!.ToJsonString());
        Assert.Equal(Figures, usage["by_hour"]![0]!["figures"]!.ToJsonString());
        Assert.Equal(("counted", "usd", 1.0), ((string?)usage["budgets"]![0]!["tenant_id"], (string?)usage["budgets"]![0]!["unit"], (double)usage["budgets"]![0]!["limit"]!));
        using var foreign = await SendAsync(app, "/usage?tenant_id=counted", "other");
        using var wrong = await SendAsync(app, "/usage?hours=0", null);
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        Assert.Equal("hours: must be from 1 to 744", (await wrong.AssertProblemAsync(400)).Detail());
    }

    [Fact]
    public async Task Budgets_of_days_that_are_over_hide_nobodys_and_sums_are_made_where_the_rows_are()
    {
        await using var app = await Governed.StartAsync(database, OrchestratorApp.LocalOnly + "\nbudgets: {default: {tokens: 5, period: day}}");
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

        var usage = (await UsageAsync(app, "?hours=2"))!;
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

    [Fact]
    public async Task Usage_that_cannot_be_stored_is_said_once_and_stored_once_it_can()
    {
        var logs = new LogCapture();
        await using var app = await OrchestratorApp.StartAsync(
            OrchestratorApp.LocalOnly, services => services.AddSingleton<ILoggerProvider>(logs), ("ConnectionStrings:aetherlink", database.ConnectionString));
        await app.Services.GetRequiredService<DatabaseReady>().WaitAsync();
        var store = app.Services.GetRequiredService<UsageStore>();
        int Told(int id) => logs.Lines.Count(line => line.Id.Id == id);

        await database.GoAwayAsync();
        try
        {
            (await Governed.AskAsync(app, "unstored")).Dispose();
            await Eventually.True(() => Told(3033) > 0, Patience, "it is said that nothing can be stored");
            (await Governed.AskAsync(app, "unstored")).Dispose();
        }
        finally
        {
            await database.ComeBackAsync();
        }
        await Eventually.True(() => Told(3034) > 0, Patience, "it is said that it is stored");

        Assert.Equal((1, 1), (Told(3033), Told(3034)));
        Assert.Equal(2, (await store.ReadAsync("unstored", DateTimeOffset.UtcNow.AddHours(-2), mostTenants: 1, default)).Total.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Without_a_database_the_oldest_hour_makes_room_and_with_one_the_newest_tenants_are_one_row(bool isStored)
    {
        var ledger = new UsageLedger(TimeProvider.System, isStored);
        var first = new DateTimeOffset(2026, 11, 21, 4, 0, 0, TimeSpan.Zero);
        UsageKey Key(int hour, string tenant) => new(first.AddHours(hour), tenant, "extract-lead", "local");
        for (var row = 0; row < 20_000; row++) ledger.Add(Key(row / 10_000, $"t{row}"), new() { Calls = 1 });

        ledger.Add(Key(2, "late"), new() { Calls = 1 });
        ledger.Add(Key(1, "t19999"), new() { Calls = 1 });

        var rows = ledger.Peek();
        Assert.Equal(isStored ? 20_001 : 10_001, rows.Count);
        Assert.Equal(isStored ? UsageSums.Others : "late", rows.Keys.Single(key => key.Hour == first.AddHours(2)).TenantId);
        Assert.Equal((isStored, 2), (rows.ContainsKey(Key(0, "t0")), rows[Key(1, "t19999")].Calls));
    }

    private static async Task<JsonNode?> UsageAsync(OrchestratorApp app, string query)
    {
        using var response = await SendAsync(app, "/usage" + query, null);
        return await OrchestratorApp.ReadAsync(response);
    }

    private static async Task<HttpResponseMessage> SendAsync(OrchestratorApp app, string path, string? tenant)
    {
        using var client = new HttpClient { BaseAddress = app.Client.BaseAddress };
        client.DefaultRequestHeaders.Add("X-User-Roles", "operator");
        if (tenant is not null) client.DefaultRequestHeaders.Add("X-Tenant-ID", tenant);
        return await client.GetAsync(path);
    }
}
