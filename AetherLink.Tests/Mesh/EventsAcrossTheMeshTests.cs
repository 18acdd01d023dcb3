using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace AetherLink.Tests.Mesh;

[Collection(SharedMesh.Name)]
public sealed class EventsAcrossTheMeshTests(MeshFixture mesh)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task An_event_published_over_HTTP_is_listed_and_streamed()
    {
        var tenant = $"t-{Guid.NewGuid():N}";
        using var client = mesh.Client("command-center", "operator", tenant);
        await using var stream = await EventStream.OpenAsync(client, "/events/stream");

        using var published = await client.PostAsJsonAsync("/events/publish", Lead("lead-1"));
        var answer = await published.Content.ReadFromJsonAsync<JsonObject>();
        var streamed = await stream.NextAsync(Soon);
        var listed = await client.GetFromJsonAsync<JsonObject>("/events/recent?limit=10");

        Assert.Equal(HttpStatusCode.OK, published.StatusCode);
        Assert.True((bool)answer!["stored"]!);
        Assert.False((bool)answer["duplicate"]!);
        Assert.Equal("lead-1", (string?)streamed.Data["event_id"]);
        Assert.Equal("lead.created", streamed.Type);
        Assert.Equal("lead-1", (string?)Assert.Single(listed!["events"]!.AsArray())!["event_id"]);
    }

    [Fact]
    public async Task Whom_the_gateway_refuses_is_an_event_of_their_tenant()
    {
        var tenant = $"t-{Guid.NewGuid():N}";
        using var eve = mesh.Client("web", "viewer", tenant);
        using var client = mesh.Client("command-center", "operator", tenant);

        // Asked again until it is told: of a minute in which other tests were refused more kinds of things than are told one by one, it is not.
        await Eventually.True(
            async () =>
            {
                using var refused = await eve.GetAsync("/api/command-center/ops/health");
                Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
                return (await client.GetFromJsonAsync<JsonObject>("/events/recent?event_type=security.rbac.denied&source=web"))!["events"]!.AsArray()
                    .Any(told => (string?)told!["payload"]!["path"] == "/api/command-center/ops/health");
            },
            TimeSpan.FromSeconds(90), "the denial is an event");
    }

    [Fact]
    public async Task Publishing_the_same_event_twice_stores_it_once()
    {
        var tenant = $"t-{Guid.NewGuid():N}";
        using var client = mesh.Client("command-center", "agent,operator", tenant);

        using var first = await client.PostAsJsonAsync("/events/publish", Lead("again"));
        using var second = await client.PostAsJsonAsync("/events/publish", Lead("again"));
        var listed = await client.GetFromJsonAsync<JsonObject>("/events/recent");

        Assert.True((bool)(await second.Content.ReadFromJsonAsync<JsonObject>())!["duplicate"]!);
        Assert.Equal(1, (int)listed!["count"]!);
    }

    [Fact]
    public async Task A_stream_resumes_by_Last_Event_ID_without_gap_or_duplicate()
    {
        var tenant = $"t-{Guid.NewGuid():N}";
        using var client = mesh.Client("command-center", "operator", tenant);
        string? lastId;
        await using (var stream = await EventStream.OpenAsync(client, "/events/stream"))
        {
            using var seen = await client.PostAsJsonAsync("/events/publish", Lead("seen"));
            lastId = (await stream.NextAsync(Soon)).Id;
        }

        using var missed = await client.PostAsJsonAsync("/events/publish", Lead("missed"));
        await using var resumed = await EventStream.OpenAsync(client, "/events/stream", lastId);
        using var live = await client.PostAsJsonAsync("/events/publish", Lead("live"));

        Assert.Equal("missed", (string?)(await resumed.NextAsync(Soon)).Data["event_id"]);
        Assert.Equal("live", (string?)(await resumed.NextAsync(Soon)).Data["event_id"]);
    }

    [Fact]
    public async Task An_AI_call_reaches_the_Command_Center_as_an_event_and_as_usage()
    {
        var tenant = $"t-{Guid.NewGuid():N}";
        using var orchestrator = mesh.Client("orchestrator", "agent", tenant);
        using var commandCenter = mesh.Client("command-center", "operator", tenant);

        using var answered = await orchestrator.PostAsJsonAsync("/orchestrate", new
        {
            intent = "extract-lead",
            tenant_id = tenant,
            payload = new { raw_text = "Hi, I'm Jane Doe from Acme Corp. Call me: +1 555 123 4567 or jane.doe@acme.example" },
        });
        var answer = await answered.Content.ReadFromJsonAsync<JsonObject>();

        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
        Assert.Equal("local", (string?)answer!["used_provider"]);
        Assert.Equal("jane.doe@acme.example", (string?)answer["result"]!["email"]);
        await Eventually.True(
            // Used, or fallen back to: the providers with a key refuse it the first time.
            async () => (await commandCenter.GetFromJsonAsync<JsonObject>("/events/recent?source=orchestrator"))!["events"]!.AsArray()
                .Count(told => (string?)told!["event_type"] is "ai.provider.used" or "ai.fallback.used") == 1,
            Soon, "the AI call is an event of its tenant");
        await Eventually.True(
            async () => (await commandCenter.GetFromJsonAsync<JsonObject>("/ops/ai/calls"))!.ToJsonString().Contains("extract-lead", StringComparison.Ordinal),
            Soon, "the audit of the AI call is listed");
    }

    private static object Lead(string eventId) => new
    {
        event_type = "lead.created",
        source = "tests",
        event_id = eventId,
        payload = new { lead_id = eventId, name = "Jane Doe" },
    };
}
