using AetherLink.CommandCenter.Events.Streaming;
using AetherLink.Tests.Postgres;

namespace AetherLink.Tests.CommandCenter.Deliveries;

public sealed class MovedTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly TimeSpan Soon = DeliveringCommandCenter.Soon;

    [Fact]
    public async Task Attempt_is_told_on_the_stream_as_a_comment_to_its_tenant_and_to_no_other()
    {
        await using var center = await DeliveringCommandCenter.StartAsync(database);
        await center.AddWebhookAsync();
        using var other = center.Service.Client("operator", CommandCenterRequests.NewTenant());
        using var mine = await OpenAsync(center.Operator);
        using var theirs = await OpenAsync(other);

        await center.PublishAsync("told");
        await ReadToAsync(mine, $": moved deliveries={center.Tenant}");
        using var published = await other.PublishAsync("last");

        Assert.DoesNotContain(await ReadToAsync(theirs, "event: lead.created"), line => line.StartsWith(": moved deliveries=", StringComparison.Ordinal));
    }

    [Fact]
    public void Tenants_are_told_once_and_named_while_they_are_few()
    {
        var moved = new Moved();
        Assert.Null(moved.Take());

        moved.Note("acme");
        moved.Note("acme");
        moved.Note("a,b\nc");
        Assert.Equal(["a,b\nc", "acme"], Moved.Read(moved.Take()!).Order(StringComparer.Ordinal));
        Assert.Null(moved.Take());

        foreach (var number in Enumerable.Range(0, Moved.MostNamed + 1))
        {
            moved.Note($"tenant-{number}");
        }
        Assert.Null(Assert.Single(Moved.Read(moved.Take()!)));
    }

    private static async Task<StreamReader> OpenAsync(HttpClient client) => new(await client.GetStreamAsync("/events/stream"));

    /// <summary>What comes up to a line.</summary>
    private static async Task<List<string>> ReadToAsync(StreamReader stream, string end)
    {
        var lines = new List<string>();
        while (lines.Count == 0 || lines[^1] != end)
        {
            lines.Add(await stream.ReadLineAsync().WaitAsync(Soon) ?? throw new EndOfStreamException("The stream ended."));
        }
        return lines;
    }
}
