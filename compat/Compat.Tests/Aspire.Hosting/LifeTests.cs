using System.Net.Http.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Compat.Tests.AspireHosting;

public sealed class LifeTests
{
    [Fact]
    public async Task Dependency_that_is_not_healthy_blocks_its_dependant_and_says_so()
    {
        await using var builder = Meshes.Empty();
        var sick = builder.AddService("sick").WithEnvironment("SICK", "yes");
        builder.AddService("dependant").WaitFor(sick);
        await using var app = await builder.StartAsync();

        await app.Reaches("sick", KnownResourceStates.Running);
        await app.Logged("dependant", "Waiting for 'sick' to be healthy.");
        using var client = app.CreateHttpClient("sick");
        await app.Logged("sick", "listening");
        Assert.Equal(KnownResourceStates.Waiting, app.StateOf("dependant"));

        await client.PostAsync(new Uri("/health/true", UriKind.Relative), null);
        await app.Healthy("dependant");
    }

    [Fact]
    public async Task Crashed_service_is_shown_as_exited_with_its_code_while_the_rest_runs()
    {
        await using var builder = Meshes.Empty();
        builder.AddService("crashing");
        builder.AddService("other");
        await using var app = await builder.StartAsync();
        await app.Healthy("crashing");
        await app.Healthy("other");

        await CrashAsync(app, "crashing", exitCode: 7);
        var end = await app.Reaches("crashing", KnownResourceStates.Exited);

        Assert.Equal(7, end.ExitCode);
        Assert.Equal(KnownResourceStates.Running, app.StateOf("other"));
    }

    [Fact]
    public async Task Running_resource_takes_restart_and_one_that_has_ended_takes_start()
    {
        await using var builder = Meshes.Empty();
        builder.AddService("service");
        await using var app = await builder.StartAsync();
        await app.Healthy("service");
        using var client = app.CreateHttpClient("service");
        var first = await client.GetFromJsonAsync<int>("/process");

        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("service", KnownResourceCommands.RestartCommand)).Success);
        await app.Healthy("service");
        var second = await client.GetFromJsonAsync<int>("/process");
        Assert.NotEqual(first, second);

        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("service", KnownResourceCommands.StopCommand)).Success);
        await app.Reaches("service", KnownResourceStates.Exited);
        var restart = await app.ResourceCommands.ExecuteCommandAsync("service", KnownResourceCommands.RestartCommand);
        Assert.Equal("Command 'restart' is disabled for resource 'service' while it is Exited.", restart.ErrorMessage);

        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("service", KnownResourceCommands.StartCommand)).Success);
        await app.Healthy("service");
        Assert.NotEqual(second, await client.GetFromJsonAsync<int>("/process"));
    }

    [Fact]
    public async Task Explicit_start_waits_for_somebody()
    {
        await using var builder = Meshes.Empty();
        builder.AddService("service").WithExplicitStart();
        await using var app = await builder.StartAsync();
        Assert.Equal(KnownResourceStates.NotStarted, app.StateOf("service"));

        await app.ResourceCommands.ExecuteCommandAsync("service", KnownResourceCommands.StartCommand);

        await app.Healthy("service");
    }

    [Fact]
    public async Task Completion_is_waited_for_by_its_exit_code()
    {
        await using var builder = Meshes.Empty();
        var failing = builder.AddExecutable("failing", "false", ".");
        var done = builder.AddExecutable("done", "true", ".");
        builder.AddExecutable("after-done", "sleep", ".", "1000").WaitForCompletion(done);
        builder.AddExecutable("after-failing", "sleep", ".", "1000").WaitForCompletion(failing);
        await using var app = await builder.StartAsync();

        await app.Reaches("done", KnownResourceStates.Finished);
        await app.Reaches("after-done", KnownResourceStates.Running);
        await app.Reaches("after-failing", KnownResourceStates.FailedToStart);
        await app.Logged("after-failing", "It waits for 'failing' to be completed, and 'failing' is Exited with exit code 1.");
    }

    [Fact]
    public async Task Program_that_is_not_there_fails_with_its_name()
    {
        await using var builder = Meshes.Empty();
        builder.AddExecutable("absent", "no-such-program", ".");
        await using var app = await builder.StartAsync();

        await app.Reaches("absent", KnownResourceStates.FailedToStart);
        await app.Logged("absent", "The program 'no-such-program' is not there.");
    }

    [Fact]
    public async Task Missing_parameter_is_named_with_its_key()
    {
        await using var builder = Meshes.Empty();
        var parameter = builder.AddParameter("missing");
        builder.AddExecutable("needing", "true", ".").WithEnvironment("VALUE", parameter);
        await using var app = await builder.StartAsync();

        await app.Reaches("missing", KnownResourceStates.ValueMissing);
        await app.Reaches("needing", KnownResourceStates.FailedToStart);
        await app.Logged("needing", "'Parameters:missing'");
    }

    [Fact]
    public async Task Container_without_an_engine_is_unavailable_and_the_rest_runs()
    {
        await using var builder = Meshes.Empty("--ASPIRE_CONTAINER_RUNTIME=no-such-engine");
        builder.AddContainer("grafana", "grafana/grafana", "11.0.0").WithHttpEndpoint(targetPort: 3000);
        builder.AddService("service");
        await using var app = await builder.StartAsync();

        await app.Reaches("grafana", KnownResourceStates.RuntimeUnhealthy);
        await app.Logged("grafana", "Unavailable: no container engine: 'no-such-engine' is not on the path");
        await app.Healthy("service");
    }

    [Fact]
    public async Task Taken_port_is_named_with_its_resource()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        await using var builder = Meshes.Empty("--DcpPublisher:RandomizePorts=false");
        builder.AddService("service").WithEndpoint("http", endpoint => endpoint.Port = port);
        var app = await builder.BuildAsync();

        var fault = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.StartAsync());

        Assert.StartsWith($"Port {port} of 'service' (http) is taken by another process.", fault.Message, StringComparison.Ordinal);
    }

    // Whether the answer is still on its way when the process ends is chance.
    private static async Task CrashAsync(DistributedApplication app, string resource, int exitCode)
    {
        using var client = app.CreateHttpClient(resource);
        try
        {
            await client.PostAsync(new Uri($"/exit/{exitCode}", UriKind.Relative), null);
        }
        catch (HttpRequestException broken)
        {
            Assert.NotNull(broken.Message);
        }
    }
}
