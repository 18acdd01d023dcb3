using System.Diagnostics;

namespace Aspire.Hosting.Orchestration;

/// <summary>Ends what is left of a mesh: asked first, then killed.</summary>
internal static class Sweep
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    internal static async Task RunAsync(string marker, IReadOnlyCollection<int> groups, TimeSpan grace)
    {
        Signal(marker, groups, Signals.Terminate);
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < grace)
        {
            if (MeshMarker.FindProcesses(marker).Count == 0 && !groups.Any(Signals.GroupExists))
            {
                return;
            }

            await Task.Delay(Interval).ConfigureAwait(false);
        }

        Signal(marker, groups, Signals.Kill);
    }

    internal static void Signal(string marker, IEnumerable<int> groups, int signal)
    {
        foreach (var group in groups)
        {
            Signals.SendToGroup(group, signal);
        }

        foreach (var process in MeshMarker.FindProcesses(marker))
        {
            Signals.SendTo(process, signal);
        }
    }
}
