using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using AetherLink.Tests.Access;
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

    private readonly List<IAsyncDisposable> _outside = [];

    private DistributedApplication? _application;
    private MeshLogs? _logs;

    public static readonly string[] Services = ["command-center", "orchestrator", "auto-heal", "web"];

    /// <summary>Everything of this mesh is under it, and goes with it.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("aetherlink-mesh-").FullName;

    public DistributedApplication Application =>
        _application ?? throw new InvalidOperationException("The mesh has not been started.");

    /// <summary>What its resources have written so far.</summary>
    public MeshLogs Logs => _logs ?? throw new InvalidOperationException("The mesh has not been started.");

    /// <summary>What nobody may read, by what it is: what the AppHost has is in it when the mesh has started, and tests add to it what they are given.</summary>
    public ConcurrentDictionary<string, string> Secrets { get; } = new(StringComparer.Ordinal);

    /// <summary>At which people would sign in, as far as the services are concerned; the Web has the sign-in of Development.</summary>
    internal TestIssuer Issuer { get; private set; } = null!;

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
        await ChangeAsync(builder);
        _application = await builder.BuildAsync();
        _logs = MeshLogs.Of(_application);
        using var timeout = new CancellationTokenSource(StartTimeout);
        await _application.StartAsync(timeout.Token);
        try
        {
            // What is restarted meanwhile is the healer's business: what counts is that the mesh gets well.
            await Task.WhenAll(Services.Select(service =>
                _application.ResourceNotifications.WaitForResourceHealthyAsync(service, WaitBehavior.WaitOnResourceUnavailable, timeout.Token)));
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"The mesh is not well after {StartTimeout.TotalSeconds} s.\n{State()}", late);
        }
        foreach (var (name, value) in await MeshLogs.SecretsAsync(_application))
        {
            Secrets[name] = value;
        }
    }

    public async Task DisposeAsync()
    {
        IReadOnlyList<string> shown = [];
        if (_application is not null)
        {
            await _application.StopAsync();
            shown = Logs.Showing(Secrets);
            await _application.DisposeAsync();
        }
        foreach (var one in _outside)
        {
            await one.DisposeAsync();
        }

        Stopped();
        Directory.Delete(Folder, recursive: true);
        // Of the full run, with whatever the tests have struck the mesh by.
        Assert.Empty(shown);
    }

    /// <summary>How its services are, and what they said last.</summary>
    private string State() => string.Join('\n', Services.SelectMany(service => Logs.LastOf(service, 10)
        .Prepend($"{service}: {(Application.ResourceNotifications.TryGetCurrentState(service, out var state) ? $"{state.Snapshot.State?.Text} {state.Snapshot.HealthStatus}" : "unknown")}")));

    /// <summary>Nothing runs any more, and the folder is about to go.</summary>
    protected virtual void Stopped()
    {
    }

    /// <summary>What a deployer would give the AppHost.</summary>
    protected virtual IEnumerable<(string Name, string Value)> Parameters => [];

    /// <summary>
    /// What a fixture wants otherwise than the AppHost has it. The shared mesh has an issuer, and keys of providers that refuse them.
    /// </summary>
    protected virtual async Task ChangeAsync(IDistributedApplicationTestingBuilder builder)
    {
        _outside.Add(Issuer = await TestIssuer.StartAsync());
        var provider = await RefusingProvider.StartAsync();
        _outside.Add(provider);
        builder.Configuration["Parameters:anthropic-api-key"] = $"sk-ant-{Guid.NewGuid():N}";
        builder.Configuration["Parameters:openai-api-key"] = $"sk-proj-{Guid.NewGuid():N}";
        foreach (var service in builder.Resources.OfType<ProjectResource>().Where(service => service.Name != "web"))
        {
            builder.CreateResourceBuilder(service).WithEnvironment("Authentication__Authority", Issuer.Url);
        }
        builder.CreateResourceBuilder(builder.Resources.OfType<ProjectResource>().Single(service => service.Name == "orchestrator"))
            .WithEnvironment("PROVIDER_CLAUDE_URL", provider.Url)
            .WithEnvironment("PROVIDER_OPENAI_URL", $"{provider.Url}/v1");
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
