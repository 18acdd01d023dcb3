using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AetherLink.Tests.Scripts;

/// <summary>What <c>./aether</c> says where something is missing, taken or running, before it starts anything.</summary>
public sealed class ScriptTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ScriptFolder _folder;
    private readonly int _port;

    public ScriptTests()
    {
        _listener.Start();
        _port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _folder = new(_port);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Port_that_is_taken_is_named_with_who_needs_it_and_who_has_it()
    {
        var (code, _, error) = await _folder.RunAsync("up");

        Assert.Equal((1, true), (code, error.StartsWith($"aether: port {_port}, which AetherLink.Toy needs, is taken", StringComparison.Ordinal)));
        // The owner is named where the machine can tell.
        Assert.Contains(File.Exists("/usr/bin/ss") || File.Exists("/bin/ss") ? $"(pid {Environment.ProcessId}). Stop that, then try again." : "Stop that", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("up")]
    [InlineData("test")]
    [InlineData("bench")]
    public async Task Full_disk_is_told_before_anything_is_written(string command)
    {
        _folder.With("df", "echo Filesystem; echo '/dev/x 100 90 10240 90% /'").With("mktemp", "echo made >&2; exit 1");

        var (code, _, error) = await _folder.RunAsync(command);

        Assert.Equal(1, code);
        Assert.StartsWith("aether: only 10 MB are free on the disk of ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("made", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "aether: the .NET SDK 10.0 is missing: https://dotnet.microsoft.com/download")]
    [InlineData("8.0.100 [/x]", "aether: the .NET SDK 10.0 is missing (found: 8.0.100 ): https://dotnet.microsoft.com/download")]
    public async Task Missing_and_old_SDK_are_told_with_where_to_get_one(string? found, string expected)
    {
        _ = found is null ? _folder.Without("dotnet") : _folder.With("dotnet", $"echo '{found}'");

        Assert.Equal((1, expected), await SetupAsync());
    }

    [Theory]
    [InlineData(null, "aether: Node.js 20.19, 22.12, 24 or newer (with npm) is missing; it builds the pages: https://nodejs.org")]
    [InlineData("v18.20.0", "aether: Node.js 20.19, 22.12, 24 or newer is needed, found v18.20.0: https://nodejs.org")]
    [InlineData("v20.18.3", "aether: Node.js 20.19, 22.12, 24 or newer is needed, found v20.18.3: https://nodejs.org")]
    [InlineData("v21.7.0", "aether: Node.js 20.19, 22.12, 24 or newer is needed, found v21.7.0: https://nodejs.org")]
    [InlineData("v22.11.0", "aether: Node.js 20.19, 22.12, 24 or newer is needed, found v22.11.0: https://nodejs.org")]
    public async Task Missing_and_old_Node_are_told_with_where_to_get_one(string? found, string expected)
    {
        _folder.With("dotnet", "echo '10.0.100 [/x]'");
        _ = found is null ? _folder.Without("node") : _folder.With("node", $"echo {found}");

        Assert.Equal((1, expected), await SetupAsync());
    }

    [Fact]
    public async Task Without_the_right_to_install_what_is_missing_is_named_with_the_command_that_would()
    {
        _folder.With("dotnet", "echo '10.0.100 [/x]'").With("node", "echo v24.1.0").With("npm", "exit 0")
            .Without("chromium").With("id", "echo 1000").With("sudo", "exit 1");

        var (code, error) = await SetupAsync();

        Assert.Equal(1, code);
        Assert.Matches("^aether: missing on this machine: .*chromium\\. Install them, e\\.g\\. 'sudo apt-get install .*chromium', then try again\\.$", error);
    }

    [Fact]
    public async Task Second_up_is_refused_and_says_who_runs_and_what_to_do()
    {
        using var mesh = _folder.PlayMesh();

        var (code, _, error) = await _folder.RunAsync("up", "--detach");
        mesh.Kill();

        Assert.Equal((1, $"aether: the mesh of this checkout is running already (pid {mesh.Id}): ./aether status shows it, ./aether down stops it."), (code, error));
    }

    [Fact]
    public async Task Status_lists_what_is_known_of_each_resource_and_says_when_nothing_runs()
    {
        _folder.Keep("resources.tsv", "web\trequired\tRunning\tHealthy\t-\t2\t5173\thttp://localhost:5173\n");
        var none = await _folder.RunAsync("status");
        using var mesh = _folder.PlayMesh();

        var (code, output, _) = await _folder.RunAsync("status");
        mesh.Kill();

        Assert.Equal((3, "The mesh of this checkout is not running: ./aether up starts it."), (none.Code, none.Output.Trim()));
        Assert.Equal(0, code);
        string[][] rows = [.. output.Trim().Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        Assert.Equal([["RESOURCE", "STATE", "HEALTH", "RESTARTS", "PORTS", "URL"], ["web", "Running", "Healthy", "2", "5173", "http://localhost:5173"]], rows);
    }

    [Fact]
    public async Task Logs_of_one_resource_are_its_own_lines_and_a_name_that_said_nothing_is_refused()
    {
        _folder.Keep("up.log", "web    | one\norchestrator | other\nweb    * two\n");

        using var logs = _folder.Start("logs", "web");
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var lines = $"{await logs.StandardOutput.ReadLineAsync(deadline.Token)}\n{await logs.StandardOutput.ReadLineAsync(deadline.Token)}";
        logs.Kill(entireProcessTree: true);
        var (code, _, error) = await _folder.RunAsync("logs", "nobody");

        Assert.Equal("web    | one\nweb    * two", lines);
        Assert.Equal((1, "aether: 'nobody' has not said anything; ./aether status lists what runs."), (code, error));
    }

    [Fact]
    public async Task Down_stops_what_runs_and_keeps_its_data_unless_it_is_to_be_wiped()
    {
        Directory.CreateDirectory(Path.Combine(_folder.State, "data"));
        Directory.CreateDirectory(Path.Combine(_folder.State, "store"));
        using var mesh = _folder.PlayMesh();

        var down = await _folder.RunAsync("down");
        var kept = Directory.EnumerateDirectories(_folder.State).Count();
        var wipe = await _folder.RunAsync("down", "--wipe");

        Assert.True(mesh.HasExited);
        Assert.Equal((0, "The mesh is stopped."), (down.Code, down.Output.Trim()));
        Assert.Equal((0, "The mesh of this checkout is not running.\nIts data is removed."), (wipe.Code, wipe.Output.Trim()));
        Assert.Equal((2, 0), (kept, Directory.EnumerateDirectories(_folder.State).Count()));
    }

    [Fact]
    public async Task Up_that_is_still_building_is_told_of_refuses_a_second_and_is_ended_by_down_with_its_build()
    {
        _listener.Dispose();
        _folder.With("dotnet", "case $1 in --list-sdks) echo '10.0.100 [/x]' ;; build) echo $$; exec sleep 600 ;; *) exit 1 ;; esac");
        using var up = _folder.Start("up");
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        string? line;
        do
        {
            line = await up.StandardOutput.ReadLineAsync(deadline.Token);
        }
        while (line is not null && !int.TryParse(line, out _));
        using var build = Process.GetProcessById(int.Parse(line!, CultureInfo.InvariantCulture));

        var status = await _folder.RunAsync("status");
        var second = await _folder.RunAsync("up", "--detach");
        var down = await _folder.RunAsync("down");
        await up.WaitForExitAsync(deadline.Token);
        await build.WaitForExitAsync(deadline.Token);

        Assert.Equal((0, $"The mesh is starting (pid {up.Id})."), (status.Code, status.Output.Trim()));
        Assert.Equal((1, $"aether: the mesh of this checkout is running already (pid {up.Id}): ./aether status shows it, ./aether down stops it."), (second.Code, second.Error));
        Assert.Equal((0, "The mesh is stopped."), (down.Code, down.Output.Trim()));
    }

    [Theory]
    [InlineData("up")]
    [InlineData("down")]
    [InlineData("test")]
    public async Task Unknown_option_is_named_with_those_that_are_known(string command)
    {
        var (code, _, error) = await _folder.RunAsync(command, "--wrong");

        Assert.Equal((1, true), (code, error.StartsWith($"aether: unknown option '--wrong' of {command}; known: --", StringComparison.Ordinal)));
    }

    private async Task<(int Code, string Error)> SetupAsync()
    {
        var (code, _, error) = await _folder.RunAsync("setup");
        return (code, error);
    }
}
