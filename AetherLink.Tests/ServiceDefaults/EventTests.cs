using System.Text.Json;
using System.Text.Json.Nodes;
using AetherLink.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;

namespace AetherLink.Tests.ServiceDefaults;

public sealed class EventTests
{
    [Fact]
    public async Task Published_event_is_in_the_spool_as_the_envelope_of_the_contract()
    {
        var folder = Directory.CreateTempSubdirectory("aether-events-").FullName;
        await using (var app = await StartAsync(folder))
        {
            Assert.True(app.Services.GetRequiredService<OpsEventPublisher>().TryPublish(new()
            {
                EventType = EventTypes.ServiceHealthFailed,
                Severity = Severities.Error,
                TenantId = "acme",
                EventId = "e-1",
                TraceId = "t-1",
                Payload = new JsonObject { ["name"] = "web" },
            }));
        }

        using var spool = Spool.Open(Path.Combine(folder, "spool", Topics.OpsEvents), new());
        var record = Assert.Single(spool.Read(10).Records);

        Assert.Equal("acme", record.Key);
        Assert.Equal(
            new Dictionary<string, string> { ["type"] = "service.health.failed", ["version"] = "1", ["origin"] = "toy" }, record.Headers);
        Assert.Equal(
            """{"event_type":"service.health.failed","severity":"error","tenant_id":"acme","payload":{"name":"web"},"event_id":"e-1","timestamp":"2026-01-02T03:04:05Z","source":"toy","trace_id":"t-1"}""",
            JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(record.Value)));
        spool.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Service_without_kafka_says_once_that_its_events_go_nowhere()
    {
        await using var app = await ToyApp.StartAsync();
        var publisher = app.Services.GetRequiredService<OpsEventPublisher>();

        Assert.False(publisher.TryPublish(new() { EventType = EventTypes.LeadCreated }));
        Assert.False(publisher.TryPublish(new() { EventType = EventTypes.LeadCreated }));

        Assert.Single(app.Logs.Lines, line => line.Id.Id == 1040);
    }

    [Fact]
    public async Task Folder_made_for_a_process_alone_goes_with_it()
    {
        string folder;
        await using (var app = await StartAsync(folder: null))
        {
            folder = app.Services.GetRequiredService<DataFolder>().Path;
            Assert.True(Directory.Exists(folder));
        }
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void Event_types_are_each_listed_once() => Assert.Equal(EventTypes.All.Distinct().Count(), EventTypes.All.Count);

    // Nothing listens at the discard port: Kafka is away for the whole test.
    private static Task<ToyApp> StartAsync(string? folder) => ToyApp.StartAsync(
        settings: new() { ["ConnectionStrings:kafka"] = "127.0.0.1:9", ["DATA_DIR"] = folder },
        add: builder => builder.Services.AddSingleton<TimeProvider>(new SetClock()));
}
