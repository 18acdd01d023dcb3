using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AetherLink.Tests.Postgres;
using static AetherLink.Tests.CommandCenter.CommandCenterRequests;

namespace AetherLink.Tests.CommandCenter;

public sealed class SchemaRegistryTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private RunningCommandCenter _service = null!;

    public async Task InitializeAsync() => _service = await RunningCommandCenter.StartAsync(database.ConnectionString);

    public Task DisposeAsync() => _service.DisposeAsync().AsTask();

    [Fact]
    public async Task Registered_type_is_shown_and_its_events_are_held_against_it()
    {
        using var admin = _service.Client("admin");
        using var client = _service.Client(tenant: NewTenant());

        using var before = await client.PublishAsync("before", "billing.paid");
        using var created = await RegisterAsync(admin, "billing.paid", """{"amount":{"type":"number","description":"In euros."},"paid_by":{"type":"string"}}""", "amount");
        using var wrong = await client.PublishAsync("wrong", "billing.paid", payload: new { amount = "much" });
        using var right = await client.PublishAsync("right", "billing.paid", payload: new { amount = 1.5, unknown = true });
        using var batch = await client.PostAsync("/events/publish/batch",
            """
            {"event_type":"billing.paid","source":"s","payload":{"amount":2}}
            {"event_type":"billing.paid","source":"s","payload":{"paid_by":2}}
            """, "application/x-ndjson");
        var shown = await client.JsonAsync("/events/schema/billing.paid");
        var listed = await client.JsonAsync("/events/recent?event_type=billing.paid");

        Assert.Equal(
            [HttpStatusCode.BadRequest, HttpStatusCode.Created, HttpStatusCode.BadRequest, HttpStatusCode.OK],
            [before.StatusCode, created.StatusCode, wrong.StatusCode, right.StatusCode]);
        Assert.Equal("/events/schema/billing.paid", created.Headers.Location?.OriginalString);
        Assert.Equal("payload.amount: must be a number, and is a string", (string?)(await wrong.JsonAsync())["detail"]);
        Assert.Equal(
            ["payload.amount", "payload.paid_by"],
            (await batch.JsonAsync())["results"]![1]!["errors"]!.AsObject().Select(error => error.Key));
        Assert.Equal(
            """{"event_type":"billing.paid","version":1,"required":["amount"],"properties":{"amount":{"type":"number","description":"In euros."},"paid_by":{"type":"string","description":""}},"description":"Told by a test."}""",
            shown.ToJsonString());
        Assert.Equal(2, (int)listed["count"]!);
        Assert.Contains((await client.JsonAsync("/events/schema"))["schemas"]!.AsArray(), schema => (string?)schema!["event_type"] == "billing.paid");
    }

    [Fact]
    public async Task Compatible_version_is_taken_and_one_that_breaks_somebody_is_409_with_a_payload_that_shows_it()
    {
        using var admin = _service.Client("admin");

        using var first = await RegisterAsync(admin, "order.sent", """{"id":{"type":"string"},"weight":{"type":"integer"}}""", "id");
        using var again = await RegisterAsync(admin, "order.sent", """{"id":{"type":"string"},"weight":{"type":"integer"}}""", "id");
        using var second = await RegisterAsync(admin, "order.sent", """{"id":{"type":"string"},"weight":{"type":"integer"},"to":{"type":"string"}}""", "id");
        using var broken = await RegisterAsync(admin, "order.sent", """{"id":{"type":"string"},"weight":{"type":"number"},"to":{"type":"string"}}""", "id", "to");
        using var shipped = await RegisterAsync(admin, "lead.assigned", """{"lead_id":{"type":"string"}}""", "lead_id");
        var problem = await broken.JsonAsync();

        Assert.Equal(
            [HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.Conflict, HttpStatusCode.Conflict],
            [first.StatusCode, again.StatusCode, second.StatusCode, broken.StatusCode, shipped.StatusCode]);
        Assert.Equal(2, (int)(await second.JsonAsync())["version"]!);
        Assert.Equal(
            "It would break readers of version 2: 'weight' is an integer, and would be a number; writers of version 2: 'to' would be required, and may be absent.",
            (string?)problem["detail"]);
        Assert.Equal(
            """
            [{"property":"weight","breaks":"readers","reason":"is an integer, and would be a number","example":{"id":"text","to":"text","weight":0.5}},{"property":"to","breaks":"writers","reason":"would be required, and may be absent","example":{"id":"text"}}]
            """,
            problem["incompatibilities"]!.ToJsonString());
    }

    [Fact]
    public async Task Type_that_another_replica_registered_is_known_at_once_to_whoever_publishes_it()
    {
        await using var other = await RunningCommandCenter.StartAsync(database.ConnectionString);
        using var admin = _service.Client("admin");
        using var client = other.Client(tenant: NewTenant());

        for (var number = 0; number < 5; number++)
        {
            using var created = await RegisterAsync(admin, $"replica.told{number}", """{"a":{"type":"string"}}""");
            using var published = await client.PublishAsync($"e{number}", $"replica.told{number}");
            Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (created.StatusCode, published.StatusCode));
        }
        using var next = await RegisterAsync(admin, "replica.told0", """{"a":{"type":"string"},"b":{"type":"integer"}}""");

        await Eventually.True(
            async () => (int)(await client.JsonAsync("/events/schema/replica.told0"))["version"]! == 2, TimeSpan.FromSeconds(10), "the version is known");
    }

    [Fact]
    public async Task Many_who_register_at_once_get_one_version_after_the_other()
    {
        using var admin = _service.Client("admin");

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(number =>
            RegisterAsync(admin, "race.won", $$$"""{"field{{{number}}}":{"type":"string"}}""")));

        Assert.Equal(1, answers.Count(answer => answer.StatusCode is HttpStatusCode.Created));
        Assert.Equal(11, answers.Count(answer => answer.StatusCode is HttpStatusCode.Conflict));
    }

    [Theory]
    [InlineData("operator", null, HttpStatusCode.Forbidden)]
    [InlineData("agent", null, HttpStatusCode.Forbidden)]
    [InlineData("admin", "one", HttpStatusCode.Forbidden)]
    public async Task Registering_is_for_an_admin_of_all_tenants(string role, string? tenant, HttpStatusCode status)
    {
        using var client = _service.Client(role, tenant);

        using var answer = await RegisterAsync(client, "not.allowed", """{"a":{"type":"string"}}""");

        Assert.Equal(status, answer.StatusCode);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"event_type":"a.b","description":"d","properties":{"a":null}}""")]
    [InlineData("""{"event_type":"a.b","description":"\u0000","properties":{"a":{"type":"string"}}}""")]
    public async Task Proposal_that_is_none_is_400(string body)
    {
        using var admin = _service.Client("admin");

        using var answer = await admin.PostAsync("/events/schema", body, "application/json");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(_service.Logs.Errors);
    }

    private static Task<HttpResponseMessage> RegisterAsync(HttpClient client, string type, string properties, params string[] required) =>
        client.PostAsJsonAsync("/events/schema", new JsonObject
        {
            ["event_type"] = type,
            ["description"] = "Told by a test.",
            ["required"] = new JsonArray([.. required.Select(name => (JsonNode)name)]),
            ["properties"] = JsonNode.Parse(properties),
        });
}
