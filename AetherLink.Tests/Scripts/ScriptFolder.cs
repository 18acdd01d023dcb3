using System.Diagnostics;
using System.Globalization;

namespace AetherLink.Tests.Scripts;

/// <summary>
/// The script in a checkout that has one service and nothing else, with a PATH of its own: what a machine lacks, or answers
/// wrongly, can be played by a command of the same name.
/// </summary>
internal sealed class ScriptFolder : IDisposable
{
    /// <summary>What the script asks the machine for; as the machine has it, until a test takes it away or plays it.</summary>
    private static readonly string[] Tools =
    [
        "apt-get", "awk", "bash", "busybox", "cat", "chmod", "chromium", "curl", "cut", "date", "df", "dirname", "docker", "dockerd", "dotnet",
        "env", "find", "grep", "head", "id", "initdb", "mkdir", "mktemp", "node", "npm", "prometheus", "rm", "sed", "setsid", "sleep", "sort", "ss", "sudo",
        "tail", "tee", "timeout", "tr", "true", "uname",
    ];

    private static readonly string[] Folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly string _root = Directory.CreateTempSubdirectory("aether-script-").FullName;

    public ScriptFolder(int port)
    {
        File.Copy(Path.Combine(Repository.Root, "aether"), Path.Combine(_root, "aether"));
        File.Copy(Path.Combine(Repository.Root, "Directory.Packages.props"), Path.Combine(_root, "Directory.Packages.props"));
        Directory.CreateDirectory(Path.Combine(_root, "scripts"));
        foreach (var script in Directory.EnumerateFiles(Path.Combine(Repository.Root, "scripts")))
        {
            File.Copy(script, Path.Combine(_root, "scripts", Path.GetFileName(script)));
        }
        var settings = Directory.CreateDirectory(Path.Combine(_root, "AetherLink.Toy", "Properties")).FullName;
        File.WriteAllText(Path.Combine(settings, "launchSettings.json"), $$"""{ "applicationUrl": "http://localhost:{{port}}" }""");
        Directory.CreateDirectory(State);
        Directory.CreateDirectory(Commands);
        foreach (var name in Tools)
        {
            if (Folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is { } command)
            {
                File.CreateSymbolicLink(Path.Combine(Commands, name), command);
            }
        }
    }

    public string State => Path.Combine(_root, "state");

    /// <summary>So long a run of all tests may take; empty where nobody has set a limit.</summary>
    public string TestMinutes { get; set; } = "";

    private string Commands => Path.Combine(_root, "commands");

    public ScriptFolder Without(string command)
    {
        File.Delete(Path.Combine(Commands, command));
        return this;
    }

    /// <summary>Plays a command by a shell script.</summary>
    public ScriptFolder With(string command, string body)
    {
        var path = Path.Combine(Commands, command);
        File.Delete(path);
        File.WriteAllText(path, $"#!/bin/bash\n{body}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        return this;
    }

    public ScriptFolder Keep(string name, string text)
    {
        File.WriteAllText(Path.Combine(State, name), text);
        return this;
    }

    /// <summary>Something that looks like the running mesh, for as long as it is not told to end.</summary>
    public Process PlayMesh()
    {
        var mesh = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", "exec -a AetherLink.AppHost sleep 60"]))!;
        Keep("up.pid", mesh.Id.ToString(CultureInfo.InvariantCulture));
        return mesh;
    }

    public async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var script = Start(arguments);
        using var deadline = new CancellationTokenSource(Soon);
        var (output, error) = (script.StandardOutput.ReadToEndAsync(deadline.Token), script.StandardError.ReadToEndAsync(deadline.Token));
        await script.WaitForExitAsync(deadline.Token);
        return (script.ExitCode, await output, (await error).Trim());
    }

    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(_root, "aether"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PATH"] = Commands, ["AETHER_STATE"] = State, ["AETHERLINK_TEST_MINUTES"] = TestMinutes },
        };
        // Of this run, and not of the one that is played.
        start.Environment.Remove("AETHERLINK_SOAK");
        return Process.Start(start)!;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
