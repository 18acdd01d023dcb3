using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.Postgres;
using static AetherLink.Tests.CommandCenter.CommandCenterRequests;

namespace AetherLink.Tests.CommandCenter;

public sealed class AiUsageTests(PostgresDatabase database, KafkaBroker kafka)
    : IClassFixture<PostgresDatabase>, IClassFixture<KafkaBroker>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Calls_of_the_audit_are_listed_and_summed_up_and_a_record_that_is_none_is_put_aside()
    {
        await using var service = await RunningCommandCenter.StartAsync(database.ConnectionString, kafka.Address);
        var tenant = NewTenant();
        using var client = service.Client(tenant: tenant);

        await ProduceAsync(Call("c1", tenant, "local", "success", 10));
        await kafka.ProduceAsync(Topics.OrchestratorAudit, tenant, """{"call_id":"x"}""");
        await ProduceAsync(Call("c2", tenant, "local", "success", 30, first: "claude"));
        await ProduceAsync(Call("c2", tenant, "local", "success", 30, first: "claude"));
        await ProduceAsync(Call("c3", tenant, null, "failed", 20));
        await ProduceAsync(Call("other", NewTenant(), "local", "success", 1000));
        await Eventually.True(async () => (int)(await client.JsonAsync("/ops/ai/calls"))["count"]! == 3, Soon, "three calls are kept");
        var usage = await client.JsonAsync("/ops/ai/usage?hours=2");
        var page = await client.JsonAsync("/ops/ai/calls?limit=2");
        var rest = await client.JsonAsync($"/ops/ai/calls?limit=2&cursor={page["next_cursor"]}");
        var failed = await client.JsonAsync("/ops/ai/calls?outcome=failed");

        var total = usage["total"]!;
        Assert.Equal((3, 2, 1), ((int)total["calls"]!, (int)total["succeeded"]!, (int)total["fallbacks"]!));
        Assert.Equal((66.67, 30), ((double)total["success_rate"]!, (int)total["input_tokens"]!));
        Assert.InRange((double)total["latency_ms"]!["p50"]!, 0.975 * 20, 1.025 * 20);
        Assert.InRange((double)total["latency_ms"]!["p99"]!, 0.975 * 30, 1.025 * 30);
        Assert.Equal(2, (int)usage["by_provider"]!["local"]!["calls"]!);
        Assert.Equal(3, (int)usage["by_intent"]!["extract-lead"]!["calls"]!);
        Assert.Equal(3, usage["by_hour"]!.AsArray().Sum(hour => (int)hour!["figures"]!["calls"]!));
        Assert.Equal(["c3", "c2", "c1"], page["calls"]!.AsArray().Concat(rest["calls"]!.AsArray()).Select(call => (string?)call!["call_id"]));
        Assert.All(page["calls"]!.AsArray(), call => Assert.Equal(2, (int?)call!["prompt_version"]));
        Assert.Null(rest["next_cursor"]);
        Assert.Equal("c3", (string?)Assert.Single(failed["calls"]!.AsArray())!["call_id"]);
        Assert.Equal("""{"call_id":"x"}""", Assert.Single(kafka.Read(Topics.DeadLetter, 1, Soon)).Value);
        using var foreign = await client.GetAsync("/ops/ai/usage?tenant_id=another");
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
    }

    [Fact]
    public async Task Tokens_are_summed_up_for_whoever_took_them_and_not_for_who_answered()
    {
        await using var service = await RunningCommandCenter.StartAsync(database.ConnectionString, kafka.Address);
        var tenant = NewTenant();
        using var client = service.Client(tenant: tenant);
        var call = Call("shared", tenant, "local", "success", 10, first: "claude");
        call["attempts"]![0]!["usage"] = new JsonObject { ["input_tokens"] = 8, ["output_tokens"] = 4, ["cost_usd"] = 0.0009 };

        await ProduceAsync(call);
        await ProduceAsync(Call("alone", tenant, "claude", "success", 10));
        await Eventually.True(async () => (int)(await client.JsonAsync("/ops/ai/calls"))["count"]! == 2, Soon, "both are kept");
        var usage = await client.JsonAsync("/ops/ai/usage?hours=2");

        (int, int, int, double) Of(string provider)
        {
            var figures = usage["by_provider"]![provider]!;
            return ((int)figures["calls"]!, (int)figures["input_tokens"]!, (int)figures["output_tokens"]!, (double)figures["cost_usd"]!);
        }
        Assert.Equal((1, 18, 9, 0.0019), Of("claude"));
        Assert.Equal((1, 2, 1, 0.0001), Of("local"));
        Assert.Equal((2, 20), ((int)usage["total"]!["calls"]!, (int)usage["total"]!["input_tokens"]!));
    }

    [Fact]
    public async Task Use_is_told_by_hour_for_each_intent_provider_and_tenant_and_beyond_eight_for_the_others_together()
    {
        await using var service = await RunningCommandCenter.StartAsync(database.ConnectionString, kafka.Address);
        var (tenant, crowd) = (NewTenant(), NewTenant());
        using var own = service.Client(tenant: tenant);
        using var all = service.Client();
        await ProduceAsync(Call("s1", tenant, "claude", "success", 10));
        await ProduceAsync(Call("s2", tenant, "local", "success", 10, first: "claude"));
        await ProduceAsync(Call("s3", tenant, null, "failed", 10));
        for (var number = 0; number < 10; number++)
        {
            await ProduceAsync(Call($"crowd-{number}", crowd, $"provider-{number}", "success", 10));
        }
        await Eventually.True(async () => (int)(await all.JsonAsync($"/ops/ai/usage?tenant_id={crowd}"))["total"]!["calls"]! == 10, Soon, "all are kept");

        Assert.Null((await own.JsonAsync("/ops/ai/usage"))["series"]);
        Assert.Equal(["extract-lead: 3"], await SeriesAsync(own, "?group_by=intent"));
        Assert.Equal(["claude: 1", "local: 1"], await SeriesAsync(own, "?group_by=provider"));
        Assert.Equal([$"{tenant}: 3"], await SeriesAsync(own, "?group_by=tenant"));
        var tenants = await SeriesAsync(all, "?group_by=tenant");
        Assert.Contains($"{tenant}: 3", tenants);
        Assert.Contains($"{crowd}: 10", tenants);
        var many = await SeriesAsync(all, $"?group_by=provider&tenant_id={crowd}");
        Assert.Equal(Enumerable.Range(0, 8).Select(number => $"provider-{number}: 1").Append("others: 2"), many);
        var hour = Assert.Single((await own.JsonAsync("/ops/ai/usage?group_by=intent"))["series"]![0]!["by_hour"]!.AsArray())!;
        Assert.Equal((2, 30, 0.003), ((int)hour["succeeded"]!, (int)hour["input_tokens"]!, (double)hour["cost_usd"]!));
        using var wrong = await own.GetAsync("/ops/ai/usage?group_by=model&hours=0");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("group_by", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>Each with its calls in all.</summary>
    private static async Task<string[]> SeriesAsync(HttpClient client, string query) =>
        [.. (await client.JsonAsync($"/ops/ai/usage{query}"))["series"]!.AsArray()
            .Select(one => $"{(string?)one!["name"] ?? "others"}: {one["by_hour"]!.AsArray().Sum(hour => (int)hour!["calls"]!)}")];

    private Task ProduceAsync(JsonObject call) => kafka.ProduceAsync(Topics.OrchestratorAudit, (string)call["tenant_id"]!, call.ToJsonString());

    private static JsonObject Call(string id, string tenant, string? provider, string outcome, double latency, string? first = null) => new()
    {
        ["call_id"] = id,
        ["tenant_id"] = tenant,
        ["intent"] = "extract-lead",
        ["outcome"] = outcome,
        ["provider"] = provider,
        ["model"] = "m",
        ["attempts"] = new JsonArray(new JsonObject { ["provider"] = first ?? provider ?? "local", ["outcome"] = "x", ["latency_ms"] = 1.5 }),
        ["latency_ms"] = latency,
        ["overhead_ms"] = 0.2,
        ["usage"] = new JsonObject { ["input_tokens"] = 10, ["output_tokens"] = 5, ["cost_usd"] = 0.001 },
        ["caller"] = "web",
        ["trace_id"] = "4bf92f3577b34da6a3ce929d0e0e4736",
        ["timestamp"] = DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture),
        ["prompt_version"] = 2,
        ["a_field_of_tomorrow"] = true,
    };
}
