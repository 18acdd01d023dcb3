using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using AetherLink.Tests.ServiceDefaults;
using AetherLink.Web.Live;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AetherLink.Tests.Web;

/// <summary>The gateway as its own Program.cs makes it, on a real Kestrel, in front of a fake mesh.</summary>
internal sealed class Gateway : WebApplicationFactory<LiveHub>
{
    private readonly string _meshUrl;
    private readonly string _environment;
    private readonly IReadOnlyDictionary<string, string?> _settings;
    private readonly DirectoryInfo? _ownFolder;
    private X509Certificate2? _certificate;

    private Gateway(string meshUrl, string environment, string? dataFolder, IReadOnlyDictionary<string, string?>? settings)
    {
        (_meshUrl, _environment, _settings) = (meshUrl, environment, settings ?? new Dictionary<string, string?>());
        _ownFolder = dataFolder is null ? Directory.CreateTempSubdirectory("aetherlink-web-") : null;
        DataFolder = dataFolder ?? _ownFolder!.FullName;
    }

    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    public static Task<Gateway> StartAsync(
        FakeMesh mesh, string environment = "Development", string? dataFolder = null, IReadOnlyDictionary<string, string?>? settings = null,
        X509Certificate2? certificate = null) => StartAsync(mesh.Url, environment, dataFolder, settings, certificate);

    /// <summary>In front of what answers at an address; the settings may name others for single services.</summary>
    public static async Task<Gateway> StartAsync(
        string meshUrl, string environment = "Development", string? dataFolder = null, IReadOnlyDictionary<string, string?>? settings = null,
        X509Certificate2? certificate = null)
    {
        var gateway = new Gateway(meshUrl, environment, dataFolder, settings);
        try
        {
            // Not by its number alone: the factory would set that while the gateway's own Run is starting the server.
            gateway.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                if (certificate is not null)
                    listen.UseHttps(certificate);
            }));
            gateway._certificate = certificate;
            gateway.StartServer();
            if (environment == "Development")
                await Eventually.True(() => gateway.Hub.Position is not null, Soon, "the gateway hears the Command Center");
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    public LiveHub Hub => (LiveHub)Services.GetService(typeof(LiveHub))!;

    public string DataFolder { get; }

    /// <summary>The gateway's clock, which a test sets forward; whoever validates tokens goes by the real one.</summary>
    public ShiftedClock Clock { get; } = new();

    /// <summary>What it says.</summary>
    public LogCapture Logs { get; } = new();

    /// <summary>By its number, so that an issuer at <c>localhost</c> is another site.</summary>
    public Uri Address => new($"{ClientOptions.BaseAddress.Scheme}://127.0.0.1:{ClientOptions.BaseAddress.Port}");

    public Browser Open() => new(Address, _certificate);

    /// <summary>A browser in which somebody has signed in.</summary>
    public async Task<Browser> SignInAsync(string role, string? tenant = null)
    {
        var browser = Open();
        using var answer = await browser.SendAsync(HttpMethod.Post, "/api/session", new { role, tenant_id = tenant });
        answer.EnsureSuccessStatusCode();
        browser.Token = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("csrf_token").GetString();
        return browser;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_ownFolder is { Exists: true })
            _ownFolder.Delete(recursive: true);
        _ownFolder?.Refresh();
        GC.SuppressFinalize(this);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        Configure(builder);
        foreach (var (name, value) in _settings)
            builder.UseSetting(name, value);
    }

    private void Configure(IWebHostBuilder builder) => builder
        .ConfigureServices(services => services.AddSingleton<TimeProvider>(Clock).AddSingleton<ILoggerProvider>(Logs))
        .UseEnvironment(_environment)
        .UseSetting("hostBuilder:reloadConfigOnChange", "false")
        .UseSetting("OTEL_SERVICE_NAME", "web")
        .UseSetting("MESH_KEY", ToyApp.MeshKey)
        .UseSetting("DATA_DIR", DataFolder)
        .UseSetting("services:command-center:http:0", _meshUrl)
        .UseSetting("services:orchestrator:http:0", _meshUrl)
        .UseSetting("services:auto-heal:http:0", _meshUrl);
}

/// <summary>The machine's clock, set forward.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    private long _ticks;

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ticks));
}

/// <summary>Cookies, and the token that the page would have.</summary>
internal sealed class Browser(Uri address, X509Certificate2? trusted = null) : IDisposable
{
    private readonly CookieContainer _cookies = new();
    private HttpClient? _http;

    public CookieContainer Cookies => _cookies;

    public string? Token { get; set; }

    public HttpClient Http => _http ??= new(NewHandler(), disposeHandler: true)
    {
        BaseAddress = address,
    };

    /// <summary>Another browser with a copy of this one's cookies.</summary>
    public Browser Copy()
    {
        var copy = new Browser(address, trusted) { Token = Token };
        foreach (Cookie cookie in _cookies.GetAllCookies())
            copy._cookies.Add(new Cookie(cookie.Name, cookie.Value, cookie.Path, cookie.Domain));
        return copy;
    }

    public async Task<JsonElement> SessionAsync() => await Http.GetFromJsonAsync<JsonElement>("/api/session");

    public Task<HttpResponseMessage> GetAsync(string path) => Http.GetAsync(path);

    /// <summary>With the anti-forgery token, which is asked for when there is none yet.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null)
    {
        Token ??= (await SessionAsync()).GetProperty("csrf_token").GetString();
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("X-CSRF-Token", Token);
        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public void Dispose() => _http?.Dispose();

    private SocketsHttpHandler NewHandler()
    {
        var handler = new SocketsHttpHandler { CookieContainer = _cookies, AllowAutoRedirect = false };
        if (trusted is not null)
            handler.SslOptions.RemoteCertificateValidationCallback =
                (_, shown, _, _) => shown?.GetCertHashString() == trusted.GetCertHashString();
        return handler;
    }
}
