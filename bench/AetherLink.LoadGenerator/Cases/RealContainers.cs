using System.Diagnostics;
using AetherLink.LoadGenerator.Running;

namespace AetherLink.LoadGenerator.Cases;

/// <summary>Containers of a real engine that turn unhealthy one after the other, until somebody restarts them.</summary>
internal sealed class RealContainers : IAsyncDisposable
{
    private const int Count = 6;

    /// <summary>Well until a file says otherwise; a restart takes the file away.</summary>
    private const string Script = "rm -f /shared/sick; exec sleep 6000";

    /// <summary>So far apart that one is being restarted while the next one fails, and not by the length of anybody's pauses.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(730);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DockerEngine _engine;

    private RealContainers(DockerEngine engine) => _engine = engine;

    public string Socket => new Uri(_engine.Endpoint).LocalPath;

    public static async Task<RealContainers> StartAsync()
    {
        var engine = await DockerEngine.CreateAsync();
        foreach (var name in Names)
        {
            await engine.RunContainerAsync(name, Script, "-v", $"{engine.Folder(name)}:/shared",
                "--health-cmd", "test ! -e /shared/sick", "--health-interval", "500ms", "--health-timeout", "10s", "--health-retries", "1");
        }
        return new(engine);
    }

    /// <summary>Makes each of them sick, so many times, and waits until somebody has healed it.</summary>
    public async Task<IReadOnlyList<(TimeSpan Issued, TimeSpan Healthy)>> MeasureAsync(int rounds, CancellationToken cancellationToken)
    {
        await using var listener = await EngineListener.StartAsync(_engine, cancellationToken);
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var name in Names)
            {
                await File.WriteAllTextAsync(Path.Combine(_engine.Folder(name), "sick"), "", cancellationToken);
                await Task.Delay(Apart, cancellationToken);
            }
            for (var waited = Stopwatch.GetTimestamp(); listener.Heals().Count < round * Count; await Task.Delay(50, cancellationToken))
            {
                if (Stopwatch.GetElapsedTime(waited) > Patience)
                    throw new TimeoutException($"Only {listener.Heals().Count} of {round * Count} containers were healed.");
            }
        }
        return listener.Heals();
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private static IEnumerable<string> Names => Enumerable.Range(0, Count).Select(number => $"real-{number}");
}
