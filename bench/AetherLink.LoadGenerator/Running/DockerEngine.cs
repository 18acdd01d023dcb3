using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace AetherLink.LoadGenerator.Running;

/// <summary>
/// A real Docker engine of this process' own, by the machine's <c>dockerd</c>: a socket, folders and a containerd of its own, no
/// bridge that it was not asked for and no firewall rules. It ends with this process, however that ends, and what it mounted and
/// wrote goes with it. The tests use it, too.
/// </summary>
internal sealed class DockerEngine : IAsyncDisposable
{
    private const string Image = "aether-test";

    // As with Postgres in the tests: reads until this process is gone, then ends the engine and everything under its folder. Its shims
    // outlive it when it is killed; they name the folder, and nothing else on this machine does.
    private const string Reaper =
        """
        exec >/dev/null 2>&1; read _
        pids() { for c in /proc/[0-9]*/cmdline; do tr '\0' ' ' <$c | grep -q "$0/" && p=${c%/cmdline} && p=${p#/proc/} && [ $p != $$ ] && echo $p; done; }
        docker -H unix://$0/docker.sock ps -aq | xargs -r docker -H unix://$0/docker.sock rm -f
        kill $(cat $0/pid); for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do [ -e $0/pid ] || break; sleep 0.1; done
        kill -9 $(pids)
        grep " $0/" /proc/mounts | cut -d' ' -f2 | sort -r | xargs -r -n1 umount -l
        rm -rf "$0"
        """;

    private static readonly string[] Programs = ["dockerd", "docker", "containerd", "runc", "busybox"];

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    /// <summary>Of what an engine said last, as many lines as tell why it ended.</summary>
    private const int LastLines = 5;

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"aether-docker-{Environment.ProcessId}-{Path.GetRandomFileName()[..6]}");
    private readonly string[] _options;
    private readonly Process _reaper;

    private DockerEngine(string[] options)
    {
        _options = options;
        Directory.CreateDirectory(_folder);
        File.WriteAllText(Path.Combine(_folder, "daemon.json"), "{}");
        _reaper = Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", Reaper, _folder]) { RedirectStandardInput = true })!;
    }

    /// <summary>Why no engine can run here; null when one can.</summary>
    public static string? WhyNot { get; } = Find();

    public string Endpoint => $"unix://{_folder}/docker.sock";

    /// <summary>Starts one, with an image that has a shell and little else.</summary>
    /// <param name="options">Further options of <c>dockerd</c>.</param>
    /// <exception cref="NoEngineException">It is installed, and cannot run here.</exception>
    public static async Task<DockerEngine> CreateAsync(params string[] options)
    {
        var engine = new DockerEngine(options);
        try
        {
            await engine.StartAsync();
        }
        catch (InvalidOperationException cannot)
        {
            await engine.DisposeAsync();
            throw new NoEngineException(cannot.Message);
        }

        await RunAsync("sh", "-c",
            $"""
            set -e; root=$(mktemp -d -p {engine._folder}); mkdir $root/bin; cp $(command -v busybox) $root/bin/busybox
            for one in sh sleep rm touch test true; do ln -s busybox $root/bin/$one; done
            tar -c -C $root . | docker -H {engine.Endpoint} import - {Image}; rm -r $root
            """);
        return engine;
    }

    public async ValueTask DisposeAsync()
    {
        _reaper.StandardInput.Close();
        await _reaper.WaitForExitAsync();
        _reaper.Dispose();
    }

    /// <summary>Starts it, if it does not answer.</summary>
    /// <exception cref="InvalidOperationException">It ended, or does not answer; with what it said last.</exception>
    public async Task StartAsync()
    {
        if (await AnswersAsync())
            return;
        string[] command =
        [
            "dockerd", "--config-file", $"{_folder}/daemon.json", "--data-root", $"{_folder}/data", "--exec-root", $"{_folder}/exec",
            "-H", Endpoint, "-p", $"{_folder}/pid", "--bridge", "none", "--iptables=false", "--ip6tables=false", "--ip-masq=false",
            // What is published is published by a process of its own; there is no address of the machine to give to a container.
            "--host-gateway-ip", "127.0.0.1", "--storage-driver", "vfs", "--shutdown-timeout", "1", "--log-level", "error", .. _options,
        ];
        File.Delete(Ended);
        // A session of its own, so that Ctrl-C does not reach it before the reaper does. What it says is kept for the case that it ends.
        using var start = Process.Start(new ProcessStartInfo(
            "setsid", ["--fork", "sh", "-c", "\"$@\" >\"$0/log\" 2>&1 </dev/null; echo $? >\"$0/ended\"", _folder, .. command])
        {
            // A containerd that does not answer in time is made to write where it stands, there.
            Environment = { ["TMPDIR"] = _folder },
        })!;
        await start.WaitForExitAsync();
        try
        {
            await UntilAsync(async () => File.Exists(Ended) || await AnswersAsync(), "The engine does not answer");
        }
        catch (TimeoutException silent)
        {
            throw new InvalidOperationException($"{silent.Message} {LastWords()}", silent);
        }

        if (File.Exists(Ended))
            throw new InvalidOperationException($"dockerd ended with {(await File.ReadAllTextAsync(Ended)).Trim()}. {LastWords()}");
    }

    /// <summary>Holds with what the engine ended.</summary>
    private string Ended => Path.Combine(_folder, "ended");

    private string LastWords() => File.Exists($"{_folder}/log") ? string.Join(" | ", File.ReadLines($"{_folder}/log").TakeLast(LastLines)) : "It said nothing.";

    private async Task<bool> AnswersAsync() => (await TryAsync("docker", "-H", Endpoint, "version")).Exit == 0;

    /// <summary>kill -9: asked to stop, it would first carry through what it is about to do.</summary>
    public async Task KillAsync()
    {
        var (engine, containerd) = (await ReadPidAsync("pid"), await ReadPidAsync("exec/containerd/containerd.pid"));
        await RunAsync("kill", "-9", $"{engine}");
        // Its containerd ends with it; until that is reaped, too, the next engine would take it for one that it can use, and wait for it.
        await UntilAsync(() => Task.FromResult(File.Exists(Ended) && !Directory.Exists($"/proc/{containerd}")), "The engine does not end");
    }

    /// <returns>0 where there is none.</returns>
    private async Task<int> ReadPidAsync(string file) => File.Exists(Path.Combine(_folder, file))
        ? int.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, file)), CultureInfo.InvariantCulture)
        : 0;

    /// <summary>A folder that a test shares with its containers.</summary>
    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(_folder, "shared", name)).FullName;

    /// <summary>Starts a labelled container; restarts kill it at once, since its shell has nothing to put in order.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="script">What it does.</param>
    /// <param name="options">Further options of <c>docker run</c>.</param>
    public Task RunContainerAsync(string name, string script, params string[] options) =>
        DockerAsync(["run", "-d", "--name", name, "--label", "aetherlink.autoheal=true", "--network", "none", "--stop-signal", "KILL", .. options, Image, "/bin/sh", "-c", script]);

    public Task RemoveAllAsync() => RunAsync("sh", "-c", $"docker -H {Endpoint} ps -aq | xargs -r docker -H {Endpoint} rm -f");

    /// <summary>kill -9 of their processes, from outside and all at once: the engine has not been asked.</summary>
    public async Task CrashAsync(params string[] names)
    {
        var pids = await DockerAsync(["inspect", "-f", "{{.State.Pid}}", .. names]);
        await RunAsync("kill", ["-9", .. pids.Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
    }

    /// <summary>What the engine has told of a container up to now: actions with their times, oldest first.</summary>
    public async Task<IReadOnlyList<(string Action, DateTimeOffset At)>> EventsOfAsync(string name)
    {
        var until = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
        var lines = await DockerAsync("events", "--since", "0", "--until", until.ToString(CultureInfo.InvariantCulture), "--filter", $"container={name}", "--format", "{{json .}}");
        return
        [
            .. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)
                .Select(one => ((string)one["Action"]!, DateTimeOffset.UnixEpoch.AddTicks((long)one["timeNano"]! / 100))),
        ];
    }

    public Task<string> DockerAsync(params string[] arguments) => RunAsync("docker", ["-H", Endpoint, .. arguments]);

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var (exit, output, errors) = await TryAsync(program, arguments);
        return exit == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {exit}: {errors}");
    }

    private static async Task<(int Exit, string Output, string Errors)> TryAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string otherwise)
    {
        for (var started = Stopwatch.GetTimestamp(); !await condition(); await Task.Delay(50))
        {
            if (Stopwatch.GetElapsedTime(started) > Soon)
                throw new TimeoutException($"{otherwise} within {Soon.TotalSeconds} s.");
        }
    }

    private static string? Find()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            return $"A Docker engine of one's own runs on Linux and as root; this is {Environment.UserName}.";
        if (Programs.FirstOrDefault(program => !IsInstalled(program)) is { } missing)
            return $"{missing} is not installed (./aether setup installs it).";
        // CAP_SYS_ADMIN: without it nothing can be mounted.
        var capabilities = File.ReadLines("/proc/self/status").First(line => line.StartsWith("CapEff:", StringComparison.Ordinal))[7..].Trim();
        return (ulong.Parse(capabilities, NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> 21 & 1) == 1
            ? null
            : "This process may not mount anything (it lacks CAP_SYS_ADMIN).";
    }

    private static bool IsInstalled(string program) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}

/// <summary>No engine can run here, though it is installed; the message has what it said last.</summary>
internal sealed class NoEngineException(string message) : Exception(message);
