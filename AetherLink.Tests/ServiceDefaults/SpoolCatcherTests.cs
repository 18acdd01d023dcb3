using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AetherLink.ServiceDefaults;
using Microsoft.Extensions.Logging.Abstractions;

namespace AetherLink.Tests.ServiceDefaults;

public sealed class SpoolCatcherTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aether-catcher-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Record_that_cannot_be_read_is_told_of_at_the_end_and_those_before_it_are_caught()
    {
        using var topic = Open();
        Append(topic, """{"n":1}""");
        Append(topic, "{");
        var caught = new ConcurrentQueue<JsonNode>();
        var catcher = new SpoolCatcher();

        catcher.Catch(topic, caught, value => JsonNode.Parse(value)!);

        await Assert.ThrowsAnyAsync<JsonException>(async () => await catcher.DisposeAsync());
        Assert.Equal(1, (int)Assert.Single(caught)["n"]!);
    }

    [Fact]
    public async Task End_of_the_catching_is_no_fault()
    {
        using var topic = Open();
        Append(topic, "{}");
        var caught = new ConcurrentQueue<JsonNode>();
        await using (var catcher = new SpoolCatcher())
        {
            catcher.Catch(topic, caught, value => JsonNode.Parse(value)!);
        }

        Assert.Single(caught);
    }

    private SpooledTopic Open() => new("t", _folder, new(), NullLogger<SpooledTopic>.Instance, follower: null);

    private static void Append(SpooledTopic topic, string value) =>
        Assert.True(topic.TryAppend("k", Encoding.UTF8.GetBytes(value), new Dictionary<string, string>()));
}
