using System.Text;
using System.Text.Json.Nodes;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.Postgres;
using AetherLink.Tests.Web;
using Confluent.Kafka;
using static AetherLink.Tests.CommandCenter.CommandCenterRequests;
using static AetherLink.Tests.CommandCenter.KafkaMessages;

namespace AetherLink.Tests.CommandCenter;

/// <summary>What comes in by Kafka.</summary>
public sealed class KafkaIngestTests(PostgresDatabase database, KafkaBroker kafka)
    : IClassFixture<PostgresDatabase>, IClassFixture<KafkaBroker>, IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private RunningCommandCenter _service = null!;

    public async Task InitializeAsync() => _service = await RunningCommandCenter.StartAsync(database.ConnectionString, kafka.Address);

    public Task DisposeAsync() => _service.DisposeAsync().AsTask();

    [Fact]
    public async Task What_services_published_is_stored_once_poison_is_put_aside_and_the_own_is_dropped()
    {
        var tenant = NewTenant();
        using var client = _service.Client(tenant: tenant);
        string Event(string id, string type = "autoheal.succeeded") => new JsonObject
        {
            ["event_type"] = type,
            ["source"] = "auto-heal",
            ["event_id"] = id,
            ["tenant_id"] = tenant,
            ["payload"] = new JsonObject { ["service"] = "orchestrator" },
        }.ToJsonString();

        await kafka.ProduceAsync(Topics.OpsEvents, tenant, Event("a"), ("origin", "auto-heal"));
        await kafka.ProduceAsync(Topics.OpsEvents, tenant, "not json", ("origin", "auto-heal"));
        await kafka.ProduceAsync(Topics.OpsEvents, tenant, Event("own"), ("origin", "command-center"));
        await kafka.ProduceAsync(Topics.OpsEvents, tenant, Event("unknown", "no.such.type"), ("origin", "auto-heal"));
        await kafka.ProduceAsync(Topics.OpsEvents, tenant, Event("forged", "ops.alert.raised"), ("origin", "auto-heal"));
        await kafka.ProduceAsync(Topics.OpsEvents, tenant, Event("a"), ("origin", "auto-heal"));
        await kafka.ProduceAsync(Topics.OpsEvents, tenant, Event("b"), ("origin", "auto-heal"));

        await Eventually.True(async () => (await client.IdsAsync()).Contains("b"), Soon, "the last is stored");
        Assert.Equal(["b", "a"], await client.IdsAsync());
        Assert.Equal("auto-heal", (string?)(await client.JsonAsync("/events/recent?limit=1"))["events"]![0]!["publisher"]);

        var dead = kafka.Dead(tenant);
        Assert.Equal(["not json", Event("unknown", "no.such.type"), Event("forged", "ops.alert.raised")], dead.Select(message => message.Value).Order(StringComparer.Ordinal));
        Assert.All(dead, message => Assert.NotEmpty(message.Header("reason")));
        Assert.Contains(dead, message => message.Header("reason").Contains("'ops.alert.raised' is told by the Command Center alone", StringComparison.Ordinal));
        Assert.Contains(dead, message => message.Header("reason").Contains("no.such.type", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_no_service_of_the_mesh_has_signed_is_put_aside_with_its_reason_and_the_next_is_stored()
    {
        var tenant = NewTenant();
        using var client = _service.Client(tenant: tenant);
        var stranger = new TopicSignature("a stranger's key, which is long enough too", null);
        (string, string)[] origin = [("origin", "auto-heal")];
        var forged = stranger.Sign(
            Topics.OpsEvents, tenant, Encoding.UTF8.GetBytes(Envelope(tenant, "forged")), origin.ToDictionary(one => one.Item1, one => one.Item2));

        await kafka.ProduceAsAnybodyAsync(Topics.OpsEvents, tenant, Envelope(tenant, "unsigned"), origin);
        await kafka.ProduceAsAnybodyAsync(Topics.OpsEvents, tenant, Envelope(tenant, "own"), ("origin", "command-center"));
        await kafka.ProduceAsAnybodyAsync(Topics.OpsEvents, tenant, Envelope(tenant, "forged"), [.. origin, (TopicSignature.Header, forged)]);
        await kafka.ProduceAsAnybodyAsync(Topics.OrchestratorAudit, tenant, "{}");
        await kafka.ProduceAsync(Topics.OpsEvents, tenant, Envelope(tenant, "signed"), origin);

        await Eventually.True(async () => (await client.IdsAsync()).Contains("signed"), Soon, "the last is stored");
        Assert.Equal(["signed"], await client.IdsAsync());
        var dead = new List<Message<string, string>>();
        await Eventually.True(
            () => (dead = [.. kafka.Dead(tenant)]).Count >= 4, Soon, "the others are put aside");
        Assert.Equal(
            ["It is not signed.", "It is not signed.", "It is not signed.", "Its signature is not of this mesh's key, or it was changed on the way."],
            dead.Select(message => message.Header("reason")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_its_schema_does_not_take_is_put_aside_with_every_reason_and_what_nobody_knows_is_taken()
    {
        var tenant = NewTenant();
        using var client = _service.Client(tenant: tenant);
        string Event(string id, string payload) =>
            $$"""{"event_type":"service.health.failed","source":"tests","event_id":"{{id}}","tenant_id":"{{tenant}}","payload":{{payload}},"of_tomorrow":1}""";
        var cloud = $$$"""{"specversion":"1.0","type":"lead.created","source":"/crm","id":"cloud","tenantid":"{{{tenant}}}","subject":"s","data":{}}""";

        await kafka.ProduceAsync(Topics.OpsEvents, tenant, Event("wrong", """{"url":7}"""), ("origin", "tests"));
        await kafka.ProduceAsync(Topics.OpsEvents, tenant, cloud, ("origin", "crm"), ("content-type", "application/cloudevents+json; charset=UTF-8"));
        await kafka.ProduceAsync(Topics.OpsEvents, tenant, Event("right", """{"name":"web","more":{"a":1}}"""), ("origin", "tests"));

        await Eventually.True(async () => (await client.IdsAsync()).Contains("right"), Soon, "the last is stored");
        Assert.Equal(["right", "cloud"], await client.IdsAsync());
        var dead = kafka.Dead(tenant).Single();
        Assert.Equal("payload.name: is required: a string; payload.url: must be a string, and is an integer", dead.Header("reason"));
    }

    [Fact]
    public async Task What_was_sent_now_is_stored_when_the_clock_of_the_Command_Center_is_days_behind()
    {
        await _service.StopAsync();
        var (tenant, clock) = (NewTenant(), new ShiftedClock());
        clock.Advance(TimeSpan.FromDays(-3));
        await using var behind = await RunningCommandCenter.StartAsync(database.ConnectionString, kafka.Address, clock: clock);
        using var client = behind.Client(tenant: tenant);

        await kafka.ProduceAsync(Topics.OpsEvents, tenant, new JsonObject
        {
            ["event_type"] = "lead.created",
            ["source"] = "tests",
            ["event_id"] = "now",
            ["tenant_id"] = tenant,
            ["timestamp"] = DateTimeOffset.UtcNow,
            ["payload"] = new JsonObject(),
        }.ToJsonString(), ("origin", "tests"));

        await Eventually.True(async () => (await client.IdsAsync()).Contains("now"), Soon, "it is stored");
    }

    [Fact]
    public async Task What_is_consumed_again_from_the_beginning_is_stored_once()
    {
        var tenant = NewTenant();
        using var client = _service.Client(tenant: tenant);
        foreach (var id in (string?[])["own-id", null])
        {
            await kafka.ProduceAsync(Topics.OpsEvents, tenant, new JsonObject
            {
                ["event_type"] = "lead.created",
                ["source"] = "tests",
                ["event_id"] = id,
                ["tenant_id"] = tenant,
                ["payload"] = new JsonObject(),
            }.ToJsonString(), ("origin", "tests"));
        }
        await Eventually.True(async () => (await client.IdsAsync()).Length == 2, Soon, "both are stored");

        // Another name is another group of consumers, which begins at the beginning.
        await using var again = await RunningCommandCenter.StartAsync(
            database.ConnectionString, kafka.Address, new() { ["OTEL_SERVICE_NAME"] = "command-center-again" });
        using var meters = new OwnMeters(again);
        await kafka.ProduceAsync(Topics.OpsEvents, tenant, Envelope(tenant, "last"), ("origin", "tests"));
        await Eventually.True(() => meters.Read("command_center_event_duplicates") > 0, Soon, "what came again was seen");

        await Eventually.True(async () => (await client.IdsAsync()).Contains("last"), Soon, "the last is stored");
        Assert.Equal(3, (await client.IdsAsync()).Length);
    }

    [Fact]
    public async Task Place_that_the_broker_has_dropped_is_told_and_what_it_still_has_is_stored()
    {
        var tenant = NewTenant();
        using var client = _service.Client(tenant: tenant);
        await kafka.ProduceAsync(Topics.OpsEvents, tenant, Envelope(tenant, "there"), ("origin", "tests"));
        kafka.Commit($"command-center-late.{Topics.OpsEvents}", Topics.OpsEvents, offset: 1_000_000);

        await using var late = await RunningCommandCenter.StartAsync(
            database.ConnectionString, kafka.Address, new() { ["OTEL_SERVICE_NAME"] = "command-center-late" });

        await Eventually.True(() => late.Logs.Lines.Any(line => line.Id.Id == 2104 && line.Message.Contains("1000000", StringComparison.Ordinal)), Soon, "it is told");
        await Eventually.True(async () => (await client.IdsAsync()).SequenceEqual(["there"]), Soon, "what is there is stored");
    }

    [Fact]
    public async Task What_comes_while_Postgres_is_away_is_stored_once_when_it_is_back()
    {
        var own = new PostgresDatabase();
        await own.InitializeAsync();
        var tenant = NewTenant();
        await using (var service = await RunningCommandCenter.StartAsync(
            own.ConnectionString, kafka.Address, new() { ["OTEL_SERVICE_NAME"] = "command-center-alone" }))
        {
            using var client = service.Client(tenant: tenant);
            await kafka.ProduceAsync(Topics.OpsEvents, tenant, Envelope(tenant, "before"), ("origin", "tests"));
            await Eventually.True(async () => (await client.IdsAsync()).Contains("before"), Soon, "the first is stored");

            await own.GoAwayAsync();
            for (var n = 0; n < 10; n++)
            {
                await kafka.ProduceAsync(Topics.OpsEvents, tenant, Envelope(tenant, $"away-{n}"), ("origin", "tests"));
            }
            await Eventually.True(() => service.Logs.Lines.Any(line => line.Id.Id == 2012), Soon, "it waits");
            await own.ComeBackAsync();

            string[] expected = [.. Enumerable.Range(0, 10).Select(n => $"away-{9 - n}"), "before"];
            await Eventually.True(async () =>
            {
                using var answer = await client.GetAsync("/events/recent");
                return answer.IsSuccessStatusCode && (await client.IdsAsync()).SequenceEqual(expected);
            }, Soon, "all are stored, in order");
        }
        await own.DisposeAsync();
    }

    [Fact]
    public async Task Consumers_tell_what_they_have_consumed_and_how_far_they_are_behind()
    {
        var tenant = NewTenant();
        using var client = _service.Client(tenant: tenant);
        using var meters = new OwnMeters(_service);

        await kafka.ProduceAsync(Topics.OpsEvents, tenant, Envelope(tenant, "counted"), ("origin", "tests"));

        await Eventually.True(async () => (await client.IdsAsync()).Contains("counted"), Soon, "it is stored");
        await Eventually.True(() => meters.Read("command_center_kafka_consumed", Topics.OpsEvents) > 0, Soon, "it is counted");
        await Eventually.True(() => meters.Read("command_center_kafka_lag", Topics.OpsEvents) == 0, Soon, "nothing is left");
    }
}
