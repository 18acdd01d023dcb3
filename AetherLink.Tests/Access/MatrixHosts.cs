using AetherLink.AppHost.MeshControl;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.CommandCenter;
using AetherLink.Tests.Postgres;
using AetherLink.Tests.ServiceDefaults;
using AetherLink.Web.Sessions;
using Aspire.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AetherLink.Tests.Access;

/// <summary>
/// A class fixture: all four services as their own Program.cs makes them, with the defaults of Production, in this process, behind one issuer. The Command Center has a
/// Postgres; what the others would call is not there, and their background work does not run.
/// </summary>
public sealed class MatrixHosts : IAsyncLifetime
{
    public static readonly string[] Services = ["command-center", "orchestrator", "auto-heal", "web"];

    /// <summary>The gateway where no issuer is configured: what it has only then.</summary>
    public const string WithoutIssuer = "web without an issuer";

    /// <summary>The AppHost's own endpoint, which no person asks.</summary>
    public const string MeshControl = "mesh-control";

    public static readonly string[] Asked = [.. Services, WithoutIssuer, MeshControl];

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
            ["Authentication:RequireHttpsMetadata"] = "false",
            // It answers, and is no AutoHeal: nobody waits for it.
            ["services:auto-heal:http:0"] = Issuer.Url,
            // Probed at once, and before any question: not while the matrix is walked.
            ["Mesh:ProbeSeconds"] = "3600",
        }, environment: "Production");
        _running.Add(center);
        _hosts["command-center"] = (center.Services, new HttpClient { BaseAddress = center.Address });
        Add("orchestrator", new Host<AetherLink.Orchestrator.Local.LocalProvider>("orchestrator", Issuer.Url, _folder.FullName));
        Add("auto-heal", new Host<AetherLink.AutoHeal.Healing.Fleet>("auto-heal", Issuer.Url, _folder.FullName));
        Add("web", new Host<AetherLink.Web.Live.LiveHub>("web", Issuer.Url, _folder.FullName));
        await AddMeshControlAsync();
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

    /// <summary>The header of a browser in which somebody has signed in.</summary>
    internal async Task<string> CookieAsync(string service, IReadOnlyList<string> roles)
    {
        var services = _hosts[service].Services;
        var key = await services.GetRequiredService<PersonSessions>().BeginAsync(new("somebody", roles, "acme", Tokens: null), CancellationToken.None);
        var cookie = services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(SessionCookie.Scheme);
        var ticket = new AuthenticationTicket(
            SessionCookie.For(key), new() { IssuedUtc = DateTimeOffset.UtcNow, ExpiresUtc = DateTimeOffset.UtcNow.AddHours(1) }, SessionCookie.Scheme);
        return $"{cookie.Cookie.Name}={cookie.TicketDataFormat.Protect(ticket)}";
    }

    internal static string ResourceOf(string service) => service == WithoutIssuer ? "web" : service;

    /// <summary>Every endpoint that the service has. The files of the pages are as many as the build makes: RunningAccessTests look at them.</summary>
    internal IEnumerable<MappedEndpoint> Endpoints(string service) => service == WithoutIssuer
        ? Mapped(service).ExceptBy(Mapped("web").Select(one => (one.Method, one.Route)), one => (one.Method, one.Route))
        : Mapped(service);

    private IEnumerable<MappedEndpoint> Mapped(string service) => EndpointTable.Of(_hosts[service].Services).Where(one => !one.IsFile);

    // What it would command is not there: the matrix asks for nobody's restart.
    private async Task AddMeshControlAsync()
    {
        var mesh = DistributedApplication.CreateBuilder([$"--Aspire:Store:Path={Path.Combine(_folder.FullName, MeshControl)}"]).Build();
        var control = MeshControlHost.Build(mesh.Services, ToyApp.MeshKey);
        _running.AddRange([control, mesh]);
        await control.StartAsync();
        _hosts[MeshControl] = (control.Services, new HttpClient { BaseAddress = new(control.Urls.Single()) });
    }

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
                // The sign-in that needs no issuer exists there alone.
                .UseEnvironment(issuer is null ? "Development" : "Production")
                .UseSetting("hostBuilder:reloadConfigOnChange", "false")
                .UseSetting("OTEL_SERVICE_NAME", resource)
                .UseSetting("MESH_KEY", ToyApp.MeshKey)
                .UseSetting("DATA_DIR", Path.Combine(folder, resource))
                .UseSetting("Authentication:Authority", issuer ?? "")
                .UseSetting("Authentication:RequireHttpsMetadata", "false")
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
