using System.Diagnostics;
using System.Net.Http.Headers;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AetherLink.Tests.Mesh;

/// <summary>
/// The whole mesh as the AppHost describes it: real processes, a real Postgres, a broker, random ports, folders of its own.
/// </summary>
public class MeshFixture : IAsyncLifetime
{
    /// <summary>Two cores start seven processes side by side; four times what it takes when nothing else runs.</summary>
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3);

    private DistributedApplication? _application;
    private MeshLogs? _logs;

    public static readonly string[] Services = ["command-center", "orchestrator", "auto-heal", "web"];

    /// <summary>Everything of this mesh is under it, and goes with it.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("aetherlink-mesh-").FullName;

    public DistributedApplication Application =>
        _application ?? throw new InvalidOperationException("The mesh has not been started.");

    /// <summary>What its resources have written so far.</summary>
    public MeshLogs Logs => _logs ?? throw new InvalidOperationException("The mesh has not been started.");

    public virtual async Task InitializeAsync()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AetherLink_AppHost>(
        [
            "--AetherLink:Ephemeral=true",
            $"--AetherLink:DataDirectory={Path.Combine(Folder, "data")}",
            $"--Aspire:Store:Path={Path.Combine(Folder, "store")}",
            .. Parameters.Select(parameter => $"--Parameters:{parameter.Name}={parameter.Value}"),
        ]);
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        Change(builder);
        _application = await builder.BuildAsync();
        _logs = MeshLogs.Of(_application);
        using var timeout = new CancellationTokenSource(StartTimeout);
        await _application.StartAsync(timeout.Token);
        await Task.WhenAll(Services.Select(service =>
            _application.ResourceNotifications.WaitForResourceHealthyAsync(service, timeout.Token)));
    }

    public async Task DisposeAsync()
    {
        IReadOnlyList<string> shown = [];
        if (_application is not null)
        {
            var secrets = await MeshLogs.SecretsAsync(_application);
            await _application.StopAsync();
            shown = Logs.Showing(secrets);
            await _application.DisposeAsync();
        }

        Stopped();
        Directory.Delete(Folder, recursive: true);
        // Of the full run, with whatever the tests have struck the mesh by.
        Assert.Empty(shown);
    }

    /// <summary>Nothing runs any more, and the folder is about to go.</summary>
    protected virtual void Stopped()
    {
    }

    /// <summary>What a deployer would give the AppHost.</summary>
    protected virtual IEnumerable<(string Name, string Value)> Parameters => [];

    /// <summary>What a fixture wants otherwise than the AppHost has it.</summary>
    protected virtual void Change(IDistributedApplicationTestingBuilder builder)
    {
    }

    /// <summary>A client of a service, as a person with these roles (and this tenant) in Development.</summary>
    public HttpClient Client(string service, string? roles = null, string? tenant = null)
    {
        var client = new HttpClient { BaseAddress = Application.GetEndpoint(service, "http") };
        if (roles is not null)
        {
            client.DefaultRequestHeaders.Add("X-User-Roles", roles);
        }

        if (tenant is not null)
        {
            client.DefaultRequestHeaders.Add("X-Tenant-ID", tenant);
        }

        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return client;
    }

    /// <summary>The one process of this mesh that runs an assembly.</summary>
    public Process ProcessOf(string assembly) => MeshProcesses.Of(assembly, Folder).Single();

    public Task<ExecuteCommandResult> CommandAsync(string resource, string command) =>
        Application.Services.GetRequiredService<ResourceCommandService>().ExecuteCommandAsync(resource, command);
}

/// <summary>The tests that share one mesh; each uses a tenant of its own.</summary>
[CollectionDefinition(Name)]
public sealed class SharedMesh : ICollectionFixture<MeshFixture>
{
    public const string Name = "the shared mesh";
}
