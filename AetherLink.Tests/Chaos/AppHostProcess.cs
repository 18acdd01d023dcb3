using System.Collections.Concurrent;
using System.Diagnostics;
using AetherLink.Tests.Mesh;

namespace AetherLink.Tests.Chaos;

/// <summary>The AppHost as a process of its own, as `./aether up` runs it, with data that it keeps in a folder.</summary>
internal sealed class AppHostProcess : IDisposable
{
    private static readonly string[] Required = ["postgres", "kafka", "command-center", "orchestrator", "auto-heal", "web"];

    /// <summary>Lines; more than a start has to say.</summary>
    private const int Kept = 500;

    private readonly ConcurrentQueue<string> _said = new();
    private readonly string _folder;
    private readonly Process _process;

    private AppHostProcess(string folder)
    {
        _folder = folder;
        File.Delete(StatusFile);
        var output = Path.Combine(Projects.AetherLink_AppHost.ProjectPath, Path.GetRelativePath(
            Path.Combine(Repository.Root, "AetherLink.Tests"), AppContext.BaseDirectory));
        var start = new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(output, "AetherLink.AppHost.dll"),
                "--AetherLink:DataDirectory", Path.Combine(folder, "data"),
                "--AetherLink:StatusFile", StatusFile,
                "--Aspire:Store:Path", Path.Combine(folder, "store"),
                "--DcpPublisher:RandomizePorts", "true",
            ])
        {
            WorkingDirectory = Projects.AetherLink_AppHost.ProjectPath,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        // By this every process is found that descends from it, whatever becomes of the rest.
        start.Environment["AETHERLINK_CHAOS_FOLDER"] = folder;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, said) => Keep(said.Data);
        _process.ErrorDataReceived += (_, said) => Keep(said.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private string StatusFile => Path.Combine(_folder, "resources.tsv");

    /// <summary>Returns when everything that is required is healthy; leaves nothing behind when it is not within two minutes.</summary>
    public static async Task<AppHostProcess> StartAsync(string folder)
    {
        var appHost = new AppHostProcess(folder);
        try
        {
            await Eventually.True(() => appHost.IsUp || appHost._process.HasExited, TimeSpan.FromMinutes(2), "the mesh is up");
            return appHost._process.HasExited ? throw new IOException("The AppHost ended by itself.") : appHost;
        }
        catch (Exception exception) when (exception is TimeoutException or IOException)
        {
            var state = appHost.State;
            appHost.Dispose();
            throw new TimeoutException($"{exception.Message}\n{state}", exception);
        }
    }

    public HttpClient Client(string service, string roles, string tenant)
    {
        var client = new HttpClient { BaseAddress = new Uri(Resources()[service][^1].Split(' ')[0]) };
        client.DefaultRequestHeaders.Add("X-User-Roles", roles);
        client.DefaultRequestHeaders.Add("X-Tenant-ID", tenant);
        return client;
    }

    public void Kill()
    {
        _process.Kill();
        Kills.Add();
    }

    /// <summary>What is left of the mesh, by name.</summary>
    public static IReadOnlyList<string> Left(string folder) =>
        [.. MeshProcesses.Of(folder).Select(process => $"{process.Id} {process.ProcessName}")];

    public void Dispose()
    {
        foreach (var process in MeshProcesses.Of(_folder))
        {
            process.Kill();
        }
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>What its resources are said to be, and what those have said that do not run.</summary>
    private string State
    {
        get
        {
            var resources = Resources();
            var running = resources.Values.Where(fields => fields is [_, _, "Running", ..]).Select(fields => fields[0]).ToHashSet();
            return string.Join('\n', [
                .. resources.Values.Select(fields => string.Join(' ', fields)),
                .. _said.Where(line => !running.Contains(line.Split(' ')[0]) && !line.Contains("Still waiting", StringComparison.Ordinal))]);
        }
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _said.Enqueue(line);
        }
        if (_said.Count > Kept)
        {
            _said.TryDequeue(out _);
        }
    }

    private bool IsUp => Resources() is var resources
        && Required.All(name => resources.TryGetValue(name, out var fields) && fields is [_, _, "Running", "Healthy" or "-", ..]);

    private Dictionary<string, string[]> Resources() => File.Exists(StatusFile)
        ? File.ReadAllLines(StatusFile).Select(line => line.Split('\t')).ToDictionary(fields => fields[0])
        : [];
}
