using System.Diagnostics;
using Aspire.Hosting.Orchestration;

namespace Compat.Tests.AspireHosting;

/// <summary>The test AppHost as a process of its own, and all that descends from it.</summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    private const string Variable = "COMPAT_TEST_RUN";

    // What `up` promises: nothing is left after 10 s.
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(10);

    private readonly string _run = Guid.NewGuid().ToString("n");
    private readonly string _store = Path.Combine(Path.GetTempPath(), $"aspire-test-{Guid.NewGuid():n}");
    private readonly TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _output = [];
    private readonly Process _process;

    private AppHostProcess(IEnumerable<string> command, IEnumerable<string> args)
    {
        var start = new ProcessStartInfo(
            DotNetHost.Path,
            [.. command, .. args, "--Aspire:Store:Path", _store, "--DcpPublisher:RandomizePorts", "true"])
        {
            WorkingDirectory = Projects.TestAppHost.ProjectPath,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment[Variable] = _run;
        start.Environment.Remove("ASPIRE_MESH");
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>The AppHost's program itself.</summary>
    public static Task<AppHostProcess> StartAsync(params string[] args) =>
        StartAsync([Path.ChangeExtension(typeof(Projects.TestAppHost).Assembly.Location, "dll")], args);

    /// <summary>By <c>dotnet run</c>, as a developer does.</summary>
    public static Task<AppHostProcess> RunAsync(params string[] args) => StartAsync(["run", "--no-build", "--"], args);

    public async Task Ends()
    {
        var deadline = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (Descendants() is { Count: > 0 } left)
        {
            Assert.True(deadline.Elapsed < Promise, $"After {Promise.TotalSeconds} s these are left: {string.Join(", ", left.Select(Describe))}.\n{string.Join('\n', _output)}");
            await timer.WaitForNextTickAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Descendants())
        {
            Signals.SendTo(process, Signals.Kill);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        if (Directory.Exists(_store))
        {
            Directory.Delete(_store, recursive: true);
        }
    }

    private static async Task<AppHostProcess> StartAsync(IEnumerable<string> command, string[] args)
    {
        var appHost = new AppHostProcess(command, args);
        await appHost._up.Task.WaitAsync(Meshes.Deadline);
        return appHost;
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            _up.TrySetException(new InvalidOperationException("The AppHost ended:\n" + string.Join('\n', _output)));
            return;
        }

        _output.Add(line);
        if (line.Contains("Distributed application started", StringComparison.Ordinal))
        {
            _up.TrySetResult();
        }
    }

    private List<int> Descendants() => MeshMarker.FindProcesses(Variable, _run);

    private static string Describe(int id)
    {
        try
        {
            return $"{id} {File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ')}";
        }
        catch (IOException)
        {
            return $"{id}";
        }
    }
}
