using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;

namespace Compat.Tests.AspireHosting;

public sealed class InterruptTests
{
    [Fact]
    public async Task Ctrl_C_leaves_no_process_behind()
    {
        await using var appHost = await AppHostProcess.StartAsync();

        Signals.SendTo(appHost.Id, Signals.Interrupt);

        await appHost.Ends();
    }
}

public sealed class TerminateTests
{
    [Fact]
    public async Task SIGTERM_leaves_no_process_behind_when_a_child_ignores_it()
    {
        await using var appHost = await AppHostProcess.StartAsync("--Stubborn=yes");

        Signals.SendTo(appHost.Id, Signals.Terminate);

        await appHost.Ends();
    }
}

public sealed class KillTests
{
    [Fact]
    public async Task Killed_AppHost_leaves_no_process_behind_when_a_child_ignores_SIGTERM()
    {
        await using var appHost = await AppHostProcess.StartAsync("--Stubborn=yes", "--Database=yes", "--Broker=yes");

        Signals.SendTo(appHost.Id, Signals.Kill);

        await appHost.Ends();
    }
}

public sealed class KillOfDotNetRunTests
{
    [Fact]
    public async Task Killed_dotnet_run_leaves_no_process_behind()
    {
        await using var appHost = await AppHostProcess.RunAsync();

        Signals.SendTo(appHost.Id, Signals.Kill);

        await appHost.Ends();
    }
}

public sealed class StrayTests
{
    [Fact]
    public async Task What_a_process_has_started_ends_with_it_also_in_a_session_of_its_own()
    {
        var mark = Guid.NewGuid().ToString("n");
        await using var builder = Meshes.Empty();
        builder.AddExecutable("parent", "setsid", ".", "--fork", "sleep", "1000").WithEnvironment("STRAY", mark);
        await using var app = await builder.StartAsync();

        await app.Reaches("parent", KnownResourceStates.Finished);

        Assert.Empty(MeshMarker.FindProcesses("STRAY", mark));
    }
}
