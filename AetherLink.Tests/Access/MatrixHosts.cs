using AetherLink.Tests.CommandCenter;
using AetherLink.Tests.Postgres;
using AetherLink.Tests.ServiceDefaults;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AetherLink.Tests.Access;

/// <summary>
/// A class fixture: all four services as their own Program.cs makes them, in this process, behind one issuer. The Command Center has a
/// Postgres; what the others would call is not there, and their background work does not run.
/// </summary>
public sealed class MatrixHosts : IAsyncLifetime
{
    public static readonly string[] Services = ["command-center", "orchestrator", "auto-heal", "web"];

    /// <summary>The gateway where no issuer is configured: what it has only then.</summary>
    public const string WithoutIssuer = "web without an issuer";

    public static readonly string[] Asked = [.. Services, WithoutIssuer];

    private readonly PostgresDatabase _database = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aetherlink-matrix-");
    private readonly Dictionary<string, (IServiceProvider Services, HttpClient Client)> _hosts = new(StringComparer.Ordinal);
    private readonly List<IAsyncDisposable> _running = [];

    internal TestIssuer Issuer { get; private set; } = null!;

    internal TestIssuer OtherIssuer { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        (Issuer, OtherIssuer) = (await TestIssuer.StartAsync(), await TestIssuer.StartAsync());
        var center = await RunningCommandCenter.StartAsync(_database.ConnectionString, settings: new()
        {
            ["Authentication:Authority"] = Issuer.Url,
            // It answers, and is no AutoHeal: nobody waits for it.
            ["services:auto-heal:http:0"] = Issuer.Url,
            // Probed at once, and before any question: not while the matrix is walked.
            ["Mesh:ProbeSeconds"] = "3600",
        });
        _running.Add(center);
        _hosts["command-center"] = (center.Services, new HttpClient { BaseAddress = center.Address });
        Add("orchestrator", new Host<AetherLink.Orchestrator.Local.LocalProvider>("orchestrator", Issuer.Url, _folder.FullName));
        Add("auto-heal", new Host<AetherLink.AutoHeal.Healing.Fleet>("auto-heal", Issuer.Url, _folder.FullName));
        Add("web", new Host<AetherLink.Web.Live.LiveHub>("web", Issuer.Url, _folder.FullName));
        Add(WithoutIssuer, new Host<AetherLink.Web.Live.LiveHub>("web", issuer: null, Path.Combine(_folder.FullName, "without")));
    }

    public async Task DisposeAsync()
    {
        foreach (var (_, client) in _hosts.Values)
        {
            client.Dispose();
        }
        foreach (var host in _running)
        {
            await host.DisposeAsync();
        }
        await Issuer.DisposeAsync();
        await OtherIssuer.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    internal HttpClient Client(string service) => _hosts[service].Client;

    internal static string ResourceOf(string service) => service == WithoutIssuer ? "web" : service;

    /// <summary>Every endpoint that the service maps, a line for each of its methods.</summary>
    internal IEnumerable<(string Endpoint, RouteEndpoint Route)> Endpoints(string service) => service == WithoutIssuer
        ? Mapped(service).ExceptBy(Mapped("web").Select(one => one.Endpoint), one => one.Endpoint)
        : Mapped(service);

    private IEnumerable<(string Endpoint, RouteEndpoint Route)> Mapped(string service) => _hosts[service].Services
        .GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Distinct()
        // The files of the pages are as many as the build makes; they have their policy from their group, which another test looks at.
        .Where(route => route.Metadata.GetMetadata<Microsoft.AspNetCore.StaticAssets.StaticAssetDescriptor>() is null)
        .SelectMany(route => (route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["*"])
            .Where(method => method != "HEAD")
            .Select(method => ($"{method} /{route.RoutePattern.RawText?.Trim('/')}", route)))
        .DistinctBy(one => one.Item1)
        .OrderBy(one => one.Item1.Split(' ')[1], StringComparer.Ordinal).ThenBy(one => one.Item1, StringComparer.Ordinal);

    internal AetherLink.ServiceDefaults.PolicyRule? Rule(string service, RouteEndpoint route) =>
        route.Metadata.GetMetadata<IAuthorizeData>()?.Policy is { } policy
            ? _hosts[service].Services.GetRequiredService<IReadOnlyDictionary<string, AetherLink.ServiceDefaults.PolicyRule>>().GetValueOrDefault(policy)
            : null;

    private void Add<T>(string service, Host<T> host) where T : class
    {
        _running.Add(host);
        _hosts[service] = (host.Services, host.CreateClient(new() { AllowAutoRedirect = false }));
    }

    private sealed class Host<TOfService>(string resource, string? issuer, string folder) : WebApplicationFactory<TOfService>
        where TOfService : class
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            // Refused at once: nothing listens there.
            var nowhere = "http://127.0.0.1:1";
            foreach (var other in MatrixHosts.Services.Where(other => other != resource))
            {
                builder.UseSetting($"services:{other}:http:0", nowhere);
            }
            builder
                .UseEnvironment("Development")
                .UseSetting("hostBuilder:reloadConfigOnChange", "false")
                .UseSetting("OTEL_SERVICE_NAME", resource)
                .UseSetting("MESH_KEY", ToyApp.MeshKey)
                .UseSetting("DATA_DIR", Path.Combine(folder, resource))
                .UseSetting("AUTOHEAL_REQUIRE_ROLES", "true")
                .UseSetting("Authentication:Authority", issuer ?? "")
                .UseSetting("ConnectionStrings:aetherlink", "Host=127.0.0.1;Port=1;Database=none")
                .UseSetting("LOG_LEVEL", "Critical")
                .ConfigureServices(services =>
                {
                    foreach (var work in services.Where(IsOurs).ToList())
                    {
                        services.Remove(work);
                    }
                });
        }

        private static bool IsOurs(ServiceDescriptor service) =>
            service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Name != "GenericWebHostService";
    }
}
