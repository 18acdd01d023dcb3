using System.Diagnostics;

namespace Aspire.Hosting.Orchestration;

/// <summary>A process of a resource, with everything that it starts itself.</summary>
internal sealed class ResourceProcess
{
    // What tools of the AppHost's own start leave in its environment, and a service must not take for its own.
    private static readonly string[] NotInherited =
    [
        "ASPNETCORE_", "DOTNET_ENVIRONMENT", "DOTNET_LAUNCH_PROFILE", "DOTNET_URLS", "HTTP_PORTS", "HTTPS_PORTS",
        "MSBUILD", "VSTEST_", "services__", "ConnectionStrings__", "Parameters__", "OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES",
    ];

    private readonly Process _process;
    private readonly string _marker;
    private readonly int _stopSignal;

    private ResourceProcess(Process process, string marker, int stopSignal, Action<string, bool> write, Watcher watcher)
    {
        _process = process;
        _marker = marker;
        _stopSignal = stopSignal;
        Exited = RunAsync(write, watcher);
    }

    public int Id => _process.Id;

    /// <summary>Its exit code, once it and its group have ended.</summary>
    public Task<int> Exited { get; }

    public static ResourceProcess Start(ProcessSpec spec, string marker, Action<string, bool> write, Watcher watcher)
    {
        var file = Sessions.FindOnPath(spec.FileName, spec.WorkingDirectory) ?? throw new DistributedApplicationException(
            $"The program '{spec.FileName}' is not there. Install it, or put its folder on the path.");
        if (!Directory.Exists(spec.WorkingDirectory))
        {
            throw new DistributedApplicationException($"The working directory '{spec.WorkingDirectory}' is not there.");
        }

        var (fileName, arguments) = Sessions.Wrap(file, spec.Arguments);
        var start = new ProcessStartInfo(fileName, arguments)
        {
            WorkingDirectory = spec.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsNotInherited).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in spec.Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment[MeshMarker.Variable] = marker;
        var process = Process.Start(start)!;
        watcher.Started(process.Id);
        return new(process, marker, spec.StopSignal, write, watcher);
    }

    /// <summary>Asks it to end, and kills it with all that it started when it has not after the grace.</summary>
    public async Task<int> StopAsync(TimeSpan grace)
    {
        Signals.SendToGroup(Id, _stopSignal);
        try
        {
            return await Exited.WaitAsync(grace).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Kill();
            return await Exited.ConfigureAwait(false);
        }
    }

    private static bool IsNotInherited(string name) =>
        NotInherited.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    private async Task<int> RunAsync(Action<string, bool> write, Watcher watcher)
    {
        var output = PumpAsync(_process.StandardOutput, line => write(line, false));
        var errors = PumpAsync(_process.StandardError, line => write(line, true));
        await _process.WaitForExitAsync().ConfigureAwait(false);
        Kill();
        watcher.Ended(Id);

        // The last lines are on their way; a grandchild that lives on elsewhere may hold the pipe open for longer.
        await Task.WhenAny(Task.WhenAll(output, errors), Task.Delay(TimeSpan.FromMilliseconds(500))).ConfigureAwait(false);
        return _process.ExitCode;
    }

    // What a process has started ends with it, in its group or out of it.
    private void Kill() => Sweep.Signal(_marker, [Id], Signals.Kill);

    private static async Task PumpAsync(StreamReader reader, Action<string> write)
    {
        try
        {
            while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
            {
                write(line);
            }
        }
        catch (IOException exception)
        {
            write($"(its output broke off: {exception.Message})");
        }
    }
}
