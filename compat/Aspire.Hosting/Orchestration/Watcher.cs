using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// The process that ends the mesh when this one is killed. It is told of every process group before anything else can
/// happen to it, and learns of this process's end by the closing of a pipe.
/// </summary>
internal sealed class Watcher : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Process _process;

    private Watcher(Process process) => _process = process;

    public static Watcher Start(Mesh mesh, IEnumerable<string> foldersToRemove)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Aspire.Hosting.Orchestration.dll");
        var (fileName, arguments) = Sessions.Wrap(
            DotNetHost.Path,
            [program, mesh.Id, Shutdown.Grace.TotalSeconds.ToString(CultureInfo.InvariantCulture)]);
        var start = new ProcessStartInfo(fileName, arguments)
        {
            // A folder that does not go away under it.
            WorkingDirectory = Path.GetPathRoot(AppContext.BaseDirectory),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // It is no part of a mesh, not even of one that this AppHost itself may be part of.
        start.Environment.Remove(MeshMarker.Variable);
        start.Environment["DOTNET_gcServer"] = "0";
        var watcher = new Watcher(Process.Start(start)!);
        foreach (var folder in foldersToRemove)
        {
            watcher.Tell($"folder {folder}");
        }

        return watcher;
    }

    public void Started(int group) => Tell(string.Create(CultureInfo.InvariantCulture, $"group {group}"));

    public void Ended(int group) => Tell(string.Create(CultureInfo.InvariantCulture, $"ended {group}"));

    public void UsesEngine(string program) => Tell($"engine {program}");

    /// <summary>Lets it look for what is left, and waits for its end.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _process.StandardInput.Close();
        }

        await _process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _process.Dispose();

    private void Tell(string line)
    {
        try
        {
            lock (_lock)
            {
                _process.StandardInput.WriteLine(line);
                _process.StandardInput.Flush();
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // Somebody killed the watcher: an orderly stop does without it.
            Trace.TraceWarning("The mesh's watcher is gone: {0}", exception.Message);
        }
    }
}
