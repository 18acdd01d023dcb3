using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using AetherLink.Tests.ServiceDefaults;

namespace AetherLink.Tests.Orchestrator;

public sealed class OrchestrateTests
{
    [Theory]
    [InlineData("extract-lead")]
    [InlineData("extract")]
    public async Task Lead_is_extracted_without_any_provider_but_the_local_one(string intent)
    {
        await using var app = await OrchestratorApp.StartAsync();

        using var response = await app.PostAsync(new { intent, tenant_id = "acme", payload = new { raw_text = "I'm Jane Doe from Acme Corp, jane@acme.com, +1 555 123 4567" } });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            """{"status":"ok","intent":"INTENT","used_provider":"local","provider":"local","model":"local-rules-1","latency_ms":0,"overhead_ms":0,"attempts":[{"provider":"local","outcome":"success","error":null,"error_class":null,"latency_ms":0,"why":"priority 100"}],"usage":{"input_tokens":0,"output_tokens":0,"cost_usd":0},"result":{"name":"Jane Doe","email":"jane@acme.com","company":"Acme Corp","phone":"+1 555 123 4567","tags":[],"status":"new"}}"""
                .Replace("INTENT", intent, StringComparison.Ordinal),
            OrchestratorApp.Settled(await OrchestratorApp.ReadAsync(response)));
        // In chunks it would be two sends, and two reads at the caller.
        Assert.Null(response.Headers.TransferEncodingChunked);
    }

    [Theory]
    [InlineData("summarize-activity", "activity")]
    [InlineData("summarize", "raw_text")]
    public async Task Activity_is_summarised(string intent, string field)
    {
        await using var app = await OrchestratorApp.StartAsync();

        using var response = await app.PostAsync(new
        {
            intent,
            tenant_id = "acme",
            payload = new Dictionary<string, string[]> { [field] = ["Bob called.", "We agreed on $5,000 by Friday."] },
        });

        Assert.Equal(
            """{"summary":"Bob called. We agreed on $5,000 by Friday.","key_points":["We agreed on $5,000 by Friday."]}""",
            (await OrchestratorApp.ReadAsync(response))["result"]!.ToJsonString());
    }

    [Theory]
    [InlineData("route")]
    [InlineData("classify-intent")]
    public async Task Intent_is_chosen_with_its_confidence(string intent)
    {
        await using var app = await OrchestratorApp.StartAsync();

        using var response = await app.PostAsync(new { intent, tenant_id = "acme", payload = new { raw_text = "I'm Jane Doe from Acme, call me: +1 555 123 4567" } });

        var result = (await OrchestratorApp.ReadAsync(response))["result"]!;
        Assert.Equal("extract-lead", (string?)result["intent"]);
        Assert.InRange((double)result["confidence"]!, 0.8, 1);
    }

    [Fact]
    public async Task All_failed_is_answered_at_the_top_level_and_as_detail()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Status(500));
        await using var app = await OrchestratorApp.StartWithAsync("http", provider.Url, ("PROVIDER_ORDER", "primary"));

        using var response = await app.ExtractAsync();

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        const string Detail = """{"message":"All AI providers failed","intent":"extract-lead","tenant_id":"acme","errors":[{"provider":"primary","error":"overload: HTTP 500: {\"error\":{\"type\":\"some_error\",\"message\":\"because\"}}"}],"provider_order":["primary"],"latency_ms":0}""";
        Assert.Equal(
            """{"title":"Bad Gateway","status":502,"detail":""" + Detail + "," + Detail[1..^1] + ""","trace_id":""}""",
            OrchestratorApp.Settled(await OrchestratorApp.ReadAsync(response)));
    }

    [Theory]
    [InlineData("""{}""", "intent: is required; tenant_id: is required; payload: is required")]
    [InlineData("""{"intent":5,"tenant_id":"","payload":[]}""", "intent: must be a string; tenant_id: must not be empty; payload: must be an object")]
    [InlineData("""{"intent":"dance","tenant_id":"t","payload":{}}""", "intent: Unknown intent 'dance'; known: extract-lead, extract, summarize-activity, summarize, classify-intent, route")]
    [InlineData("""{"intent":"extract","tenant_id":"t","payload":{}}""", "payload.raw_text: is required")]
    [InlineData("""{"intent":"summarize","tenant_id":"t","payload":{}}""", "payload.activity: is required (or payload.raw_text)")]
    [InlineData("""{"intent":"extract","tenant_id":"t","payload":{"raw_text":{}}}""", "payload.raw_text: must be a string, or a list of strings")]
    [InlineData("""{"intent":"extract","payload":{"raw_text":"  "}}""", "tenant_id: is required; payload.raw_text: must not be empty")]
    [InlineData("""{"intent":"\ud800","tenant_id":"a\u0000b","payload":{"raw_text":"x"}}""", "intent: is not valid Unicode; tenant_id: must not hold control characters")]
    [InlineData("""{"intent":"extract","tenant_id":"t","payload":{"raw_text":"\udc00"}}""", "payload.raw_text: is not valid Unicode")]
    [InlineData("""{"intent":"summarize","tenant_id":"t","payload":{"activity":["fine","\ud800"]}}""", "payload.activity: is not valid Unicode")]
    [InlineData("""{"intent":"extract","\ud800enant_id":"t","payload":{"raw_text":"x"}}""", "body: holds a name that is not valid Unicode")]
    [InlineData("""{"intent":"extract","tenant_id":"t","payload":{"\ud800aw_text":"x"}}""", "body: holds a name that is not valid Unicode")]
    [InlineData("""[]""", "body: must be a JSON object with intent, tenant_id and payload")]
    public async Task Wrong_fields_are_named_all_at_once(string body, string detail)
    {
        await using var app = await OrchestratorApp.StartAsync();

        using var response = await app.Client.PostAsync("/orchestrate", new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(detail, (await response.AssertProblemAsync(400)).Detail());
        Assert.Empty(app.Audit);
    }

    [Fact]
    public async Task Bodies_and_texts_beyond_their_limits_are_refused()
    {
        await using var app = await OrchestratorApp.StartAsync();

        using var large = await app.ExtractAsync(new string('x', 1_100_000));
        using var longText = await app.ExtractAsync(new string('x', 100_001));
        using var broken = await app.Client.PostAsync("/orchestrate", new StringContent("{\"intent\":", Encoding.UTF8, "application/json"));
        using var text = await app.Client.PostAsync("/orchestrate", new StringContent("{}", Encoding.UTF8, "text/plain"));

        await large.AssertProblemAsync(413);
        Assert.Equal("payload.raw_text: must be at most 100000 characters, not 100001", (await longText.AssertProblemAsync(400)).Detail());
        await broken.AssertProblemAsync(400);
        await text.AssertProblemAsync(415);
    }

    [Fact]
    public async Task Callers_without_the_right_are_refused()
    {
        await using var app = await OrchestratorApp.StartAsync();
        object body = new { intent = "extract", tenant_id = "acme", payload = new { raw_text = "x" } };

        using var nobody = await Send(app, body);
        using var viewer = await Send(app, body, ("X-User-Roles", "viewer"));
        using var stranger = await Send(app, body, ("X-User-Roles", "admin"), ("X-Tenant-ID", "other"));
        using var own = await Send(app, body, ("X-User-Roles", "agent"), ("X-Tenant-ID", "acme"));

        Assert.Contains("Missing roles header", (await nobody.AssertProblemAsync(401)).Detail(), StringComparison.Ordinal);
        Assert.Contains("Insufficient permissions", (await viewer.AssertProblemAsync(403)).Detail(), StringComparison.Ordinal);
        Assert.Contains("Insufficient permissions", (await stranger.AssertProblemAsync(403)).Detail(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [Fact]
    public async Task Every_endpoint_has_a_named_policy()
    {
        await using var app = await OrchestratorApp.StartAsync();

        Assert.Empty(EndpointPolicies.Lacking(app.Services));
        Assert.Contains(new("POST /orchestrate", "run-ai"), EndpointPolicies.Of(app.Services));
        Assert.Contains(new("POST /orchestrate/stream", "run-ai"), EndpointPolicies.Of(app.Services));
        Assert.Contains(new("GET /providers/health", "read-audit"), EndpointPolicies.Of(app.Services));
    }

    [Fact]
    public async Task Service_says_who_it_is_and_whom_it_asks()
    {
        await using var app = await OrchestratorApp.StartWithAsync("ollama", "http://127.0.0.1:1");

        var ping = await app.Client.GetFromJsonAsync<JsonNode>("/ping");
        var openapi = await app.Client.GetFromJsonAsync<JsonNode>("/openapi/v1.json");

        Assert.Equal("""{"status":"ok","service":"ai-orchestrator-v2","version":"0.1.0","providers":["primary","local"]}""", ping!.ToJsonString());
        Assert.NotNull(openapi!["paths"]!["/orchestrate"]!["post"]);
        Assert.NotNull(openapi["paths"]!["/providers/health"]!["get"]);
        var result = openapi["components"]!["schemas"]!["OrchestrateAnswer"]!["properties"]!["result"]!["anyOf"]!.AsArray();
        Assert.Equal(
            ["#/components/schemas/Lead", "#/components/schemas/ActivitySummary", "#/components/schemas/ChosenIntent", null],
            result.Select(one => (string?)one!["$ref"]));
        Assert.Equal(
            ["name", "email", "company", "phone", "tags", "status"],
            openapi["components"]!["schemas"]!["Lead"]!["properties"]!.AsObject().Select(p => p.Key));
    }

    private static async Task<HttpResponseMessage> Send(OrchestratorApp app, object body, params (string Name, string Value)[] headers)
    {
        using var client = new HttpClient { BaseAddress = app.Client.BaseAddress };
        foreach (var (name, value) in headers) client.DefaultRequestHeaders.Add(name, value);
        return await client.PostAsJsonAsync("/orchestrate", body);
    }
}
