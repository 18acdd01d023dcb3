using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Stops a mesh: a resource once all that wait for it have ended, so that a service writes its last to a database that
/// is still there; and all of it within one patience, however many ignore what they are asked.
/// </summary>
internal sealed class OrderedStop(IReadOnlyList<ResourceRunner> runners, TimeProvider time)
{
    // Postgres writes its last checkpoint in it, even where the services before it have used up the patience.
    private static readonly TimeSpan LeastGrace = TimeSpan.FromSeconds(1.5);

    private readonly Dictionary<ResourceRunner, Task> _stops = [];
    private readonly long _began = time.GetTimestamp();

    public Task RunAsync() => Task.WhenAll(runners.Select(StopOf).ToArray());

    private Task StopOf(ResourceRunner runner)
    {
        if (!_stops.TryGetValue(runner, out var stop))
        {
            // Whoever waits in a circle is not waited for.
            _stops[runner] = Task.CompletedTask;
            _stops[runner] = stop = StopAfterAsync(runner, [.. runners.Where(other => WaitsFor(other, runner)).Select(StopOf)]);
        }

        return stop;
    }

    private static bool WaitsFor(ResourceRunner other, ResourceRunner runner) =>
        !ReferenceEquals(other, runner) && other.Resource.Annotations.OfType<WaitAnnotation>().Any(wait =>
            ReferenceEquals(wait.Resource, runner.Resource)
            || (wait.Resource is IResourceWithParent child && ReferenceEquals(child.Parent, runner.Resource)));

    private async Task StopAfterAsync(ResourceRunner runner, Task[] dependants)
    {
        await Task.WhenAll(dependants).ConfigureAwait(false);
        var left = Shutdown.Patience - time.GetElapsedTime(_began);
        var grace = left < Shutdown.Grace ? left : Shutdown.Grace;
        await runner.StopAsync(grace > LeastGrace ? grace : LeastGrace).ConfigureAwait(false);
    }
}
