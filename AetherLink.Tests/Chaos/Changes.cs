using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace AetherLink.Tests.Chaos;

/// <summary>A person who opens one maintenance window after the other, and what the operator audit has of it.</summary>
internal sealed class Changes(ChaosMesh mesh)
{
    /// <summary>Some hundred in a round: one page of the audit.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(40);

    /// <summary>Over before it can hold up a heal of the next round.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    private readonly string _actor = $"op-{Guid.NewGuid():N}";
    private readonly ConcurrentBag<string> _tried = [];

    /// <summary>The person was told that it is done.</summary>
    public ConcurrentBag<string> Made { get; } = [];

    public async Task MakeAsync(CancellationToken enough)
    {
        using var timer = new PeriodicTimer(Pause);
        for (var number = 0; !enough.IsCancellationRequested; number++)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            using var client = mesh.Client("auto-heal", "admin");
            client.DefaultRequestHeaders.Add("X-User-Name", _actor);
            var reason = $"change {number}";
            _tried.Add(reason);
            try
            {
                using var answer = await client.PostAsJsonAsync(
                    "/autoheal/maintenance", new { target = "web", until = DateTimeOffset.UtcNow + Window, reason }, CancellationToken.None);
                if (answer.StatusCode == HttpStatusCode.Created)
                {
                    Made.Add(reason);
                }
            }
            catch (HttpRequestException)
            {
                // Killed: it may have been done, and nobody was told.
            }
        }
    }

    /// <summary>Waits for what is on its way, and then says what is missing or there twice.</summary>
    public async Task<Findings> FindAsync(TimeSpan patience)
    {
        try
        {
            await Eventually.True(async () => !Made.Except(await RecordedAsync()).Any(), patience);
        }
        catch (TimeoutException)
        {
            // The findings name what has not come.
        }
        return Findings.OfChanges(Made, _tried, await RecordedAsync());
    }

    private async Task<List<string>> RecordedAsync()
    {
        using var client = mesh.Client("command-center", "operator");
        var page = (await client.GetFromJsonAsync<JsonObject>($"/audit/operator?limit=500&actor={_actor}"))!;
        return [.. page["entries"]!.AsArray().Select(entry => (string)entry!["after"]!["reason"]!)];
    }
}
