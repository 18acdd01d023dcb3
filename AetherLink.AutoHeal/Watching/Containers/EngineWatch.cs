using System.Net.Sockets;
using AetherLink.AutoHeal.Settings;
using AetherLink.ServiceDefaults;
using Docker.DotNet;

namespace AetherLink.AutoHeal.Watching.Containers;

/// <summary>
/// Watches the labelled containers of the Docker engine: by its event stream, and by a pass over its list beside it, for what
/// the stream did not bring. While no engine answers, it says so and asks again.
/// </summary>
internal sealed class EngineWatch(
    HealSettings settings, Roll roll, ContainerLives lives, EngineState state, IConfiguration configuration,
    ILogger<EngineWatch> logger, TimeProvider clock) : BackgroundLoop(logger, clock)
{
    /// <summary>An engine that is restarted is back in a second or two, and its containers are down until it is.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    /// <summary>What an engine without a restart of its own still knows (its last 256 events) tells who ended what before we came.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromMinutes(10);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var where = configuration["DOCKER_HOST"] is { Length: > 0 } host
            ? new DockerClientConfiguration(new Uri(host), defaultTimeout: settings.EngineTimeout)
            : new DockerClientConfiguration(defaultTimeout: settings.EngineTimeout);
        using var engine = where.CreateClient();
        using var events = new EngineEvents(engine, lives, Clock.GetUtcNow() - Before);
        while (true)
        {
            await FollowAsync(engine, events, stopping);
            roll.Clear();
            lives.EngineLost();
            await Task.Delay(settings.Interval < AskAgain ? settings.Interval : AskAgain, Clock, stopping);
        }
    }

    /// <summary>Until the engine is lost.</summary>
    private async Task FollowAsync(DockerClient engine, EngineEvents events, CancellationToken stopping)
    {
        using var connection = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task[] work = [];
        try
        {
            await PassAsync(engine, stopping);
            lives.EngineFound();
            work =
            [
                events.ReadAsync(connection.Token),
                EachAsync(events, engine, connection.Token, stopping),
                PassesAsync(engine, connection.Token, stopping),
            ];
            await await Task.WhenAny(work);
            throw new IOException("The engine ended its event stream.");
        }
        catch (Exception failure) when (IsAbsence(failure) && !stopping.IsCancellationRequested)
        {
            var isHung = failure is OperationCanceledException or TimeoutException;
            var reason = isHung ? $"It did not answer within {settings.EngineTimeout.TotalSeconds} s." : Why(failure, engine.Configuration.EndpointBaseUri);
            if (state.Lost(isHung, reason))
                Log.EngineAbsent(logger, reason);
        }
        finally
        {
            await connection.CancelAsync();
            foreach (var task in work)
                await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task PassAsync(DockerClient engine, CancellationToken stopping)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        time.CancelAfter(settings.EngineTimeout);
        var count = await roll.CallAsync(engine, time.Token, stopping);
        if (state.Found(count))
            Log.EngineFound(logger, count);
    }

    private async Task PassesAsync(DockerClient engine, CancellationToken connection, CancellationToken stopping)
    {
        // The first once the engine has repeated what was missed.
        await Task.Delay(ContainerLives.Settling, Clock, connection);
        while (true)
        {
            await PassAsync(engine, stopping);
            await Task.Delay(settings.Interval, Clock, connection);
        }
    }

    private async Task EachAsync(EngineEvents events, DockerClient engine, CancellationToken connection, CancellationToken stopping)
    {
        while (true)
        {
            using var time = CancellationTokenSource.CreateLinkedTokenSource(connection);
            var happened = await events.GatherAsync(Clock, connection);
            time.CancelAfter(settings.EngineTimeout);
            await roll.LookAsync(happened, engine, time.Token, stopping);
        }
    }

    /// <summary>Of a socket that is not there the runtime says that an address cannot be assigned, and which one it does not say.</summary>
    private static string Why(Exception failure, Uri endpoint) =>
        endpoint.Scheme == "unix" && !File.Exists(endpoint.LocalPath) ? $"There is no {endpoint.LocalPath}." : $"{endpoint}: {failure.Message}";

    internal static bool IsAbsence(Exception failure) =>
        failure is HttpRequestException or DockerApiException or IOException or TimeoutException or OperationCanceledException or SocketException;
}
