using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace AetherLink.Tests.Mesh;

[Collection(SharedMesh.Name)]
public sealed class BadInputTests(MeshFixture mesh)
{
    private static readonly string TooLong = new('x', 70_000);

    public static TheoryData<string, string, HttpStatusCode, string> Bodies => new()
    {
        { "unknown event type", """{"event_type":"no.such.type","source":"s","payload":{}}""", HttpStatusCode.BadRequest, "no.such.type" },
        { "not JSON", """{"event_type": """, HttpStatusCode.BadRequest, "JSON" },
        { "not an object", "[1,2]", HttpStatusCode.BadRequest, "" },
        { "empty", "", HttpStatusCode.BadRequest, "" },
        { "a payload that is no object", """{"event_type":"lead.created","source":"s","payload":[]}""", HttpStatusCode.BadRequest, "payload" },
        { "a severity that does not exist", """{"event_type":"lead.created","source":"s","payload":{},"severity":"bad"}""", HttpStatusCode.BadRequest, "severity" },
        { "a number beyond double", """{"event_type":"lead.created","source":"s","payload":{"n":1e200000}}""", HttpStatusCode.BadRequest, "payload" },
        { "a NUL in a text", """{"event_type":"lead.created","source":"s","payload":{"n":"\u0000"}}""", HttpStatusCode.BadRequest, "payload" },
        { "over its limit", $$$"""{"event_type":"lead.created","source":"s","payload":{"n":"{{{TooLong}}}"}}""", HttpStatusCode.RequestEntityTooLarge, "64" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_bad_event_is_refused_with_its_reason_and_nothing_is_stored(string what, string body, HttpStatusCode status, string detail)
    {
        var tenant = $"t-{Guid.NewGuid():N}";
        using var client = mesh.Client("command-center", "operator", tenant);

        using var answer = await client.PostAsync("/events/publish", new StringContent(body, Encoding.UTF8, "application/json"));
        var problem = await ProblemOf(answer);
        var listed = await client.GetFromJsonAsync<JsonObject>("/events/recent");

        Assert.True(status == answer.StatusCode, $"{what}: {answer.StatusCode} {problem}");
        Assert.Contains(detail, problem["detail"]!.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, (int)listed!["count"]!);
    }

    [Fact]
    public async Task Every_wrong_field_is_named_at_once()
    {
        using var client = mesh.Client("command-center", "operator");

        using var answer = await client.PostAsync(
            "/events/publish", new StringContent("""{"source":5,"severity":"loud","timestamp":"yesterday"}""", Encoding.UTF8, "application/json"));
        var detail = (await ProblemOf(answer))["detail"]!.ToString();

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.All(["event_type", "source", "payload", "severity", "timestamp"], field => Assert.Contains(field, detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_content_type_is_415()
    {
        using var client = mesh.Client("command-center", "operator");

        using var answer = await client.PostAsync("/events/publish", new StringContent("<event/>", Encoding.UTF8, "text/xml"));

        await ProblemOf(answer);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Theory]
    [InlineData("command-center", "/events/recent?limit=0")]
    [InlineData("command-center", "/events/recent?limit=501")]
    [InlineData("command-center", "/events/recent?limit=many")]
    [InlineData("command-center", "/events/recent?cursor=%21")]
    [InlineData("command-center", "/events/recent?since=yesterday")]
    [InlineData("auto-heal", "/autoheal/history?limit=0")]
    [InlineData("auto-heal", "/autoheal/history?limit=51")]
    public async Task A_query_out_of_range_is_400(string service, string path)
    {
        using var client = mesh.Client(service, "operator");

        using var answer = await client.GetAsync(path);

        await ProblemOf(answer);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_bad_Last_Event_ID_is_400()
    {
        using var client = mesh.Client("command-center", "operator");
        client.DefaultRequestHeaders.Add("Last-Event-ID", "not-a-number");

        using var answer = await client.GetAsync("/events/stream", HttpCompletionOption.ResponseHeadersRead);

        await ProblemOf(answer);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_bad_call_of_the_orchestrator_names_every_wrong_field()
    {
        using var client = mesh.Client("orchestrator", "agent");

        using var unknown = await client.PostAsJsonAsync("/orchestrate", new { intent = "dance", tenant_id = "t", payload = new { raw_text = "x" } });
        using var missing = await client.PostAsJsonAsync("/orchestrate", new { });

        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        Assert.Contains("Unknown intent", (await ProblemOf(unknown))["detail"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, missing.StatusCode);
        var detail = (await ProblemOf(missing))["detail"]!.ToString();
        Assert.All(["intent", "tenant_id", "payload"], field => Assert.Contains(field, detail, StringComparison.Ordinal));
    }

    private static async Task<JsonObject> ProblemOf(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonObject>();
        Assert.Equal((int)answer.StatusCode, (int)problem!["status"]!);
        Assert.NotNull(problem["trace_id"]);
        return problem;
    }
}
