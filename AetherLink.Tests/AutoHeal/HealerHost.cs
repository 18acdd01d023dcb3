using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using AetherLink.AutoHeal;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.CommandCenter;
using AetherLink.Tests.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AetherLink.Tests.AutoHeal;

/// <summary>The healer itself, in this process, over a fake mesh and a real Postgres. Its events are caught at its spool.</summary>
internal sealed class HealerHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SpoolCatcher _catcher = new();

    private HealerHost(WebApplication app, LogCapture logs)
    {
        (_app, Logs) = (app, logs);
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        Catch(Topics.OpsEvents, Events);
        Catch(Topics.OperatorAudit, Changes);
    }

    public HttpClient Client { get; }

    public LogCapture Logs { get; }

    public ConcurrentQueue<OpsEvent> Events { get; } = new();

    /// <summary>What is on its way to the operator audit.</summary>
    public ConcurrentQueue<OperatorChange> Changes { get; } = new();

    public IServiceProvider Services => _app.Services;

    public static async Task<HealerHost> StartAsync(FakeMesh mesh, string postgres, string folder, params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development", ApplicationName = "AetherLink.AutoHeal" });
        builder.Configuration.Sources.Clear();
        var configuration = new Dictionary<string, string?>
        {
            ["OTEL_SERVICE_NAME"] = "auto-heal",
            ["ConnectionStrings:aetherlink"] = postgres,
            ["MESH_KEY"] = FakeMesh.Key,
            ["DATA_DIR"] = folder,
            ["services:mesh-control:http:0"] = mesh.Url,
            ["AUTOHEAL_SERVICES"] = JsonSerializer.Serialize(mesh.Services.Select(service => service.Name)),
            ["AUTOHEAL_INTERVAL_SECONDS"] = "0.2",
            ["AUTOHEAL_PULL_FROM_REGISTRY"] = "false",
            ["DOCKER_HOST"] = $"unix://{folder}/no-engine.sock",
        };
        foreach (var service in mesh.Services)
            configuration[$"services:{service.Name}:http:0"] = service.Url;
        foreach (var (name, value) in settings)
            configuration[name] = value;
        builder.Configuration.AddInMemoryCollection(configuration);
        builder.WebHost.UseUrls("http://127.0.0.1:0");

        builder.AddServiceDefaults(options =>
        {
            options.Name = "auto-heal";
            options.AuditStatsPolicy = Policies.ReadHeals;
            options.MapHealth = false;
        });
        // Where nobody logs, a request has no trace.
        var logs = new LogCapture();
        builder.Logging.ClearProviders().AddProvider(logs);
        builder.Services.AddSpooledTopic(Topics.OpsEvents);
        builder.Services.AddSpooledTopic(Topics.OperatorAudit);
        builder.AddHistory();
        builder.AddHealing();
        builder.AddWatching();
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapAutoHealing();
        await app.StartAsync();
        return new HealerHost(app, logs);
    }

    public async Task<JsonNode> GetAsync(string path) => (await Client.GetFromJsonAsync<JsonNode>(path))!;

    /// <summary>As soon as the healer has found it.</summary>
    public Task<JsonNode> TargetAsync(string name) => Eventually.NotNull(
        async () => (await GetAsync("/autoheal/status"))["targets"]!.AsArray().FirstOrDefault(target => (string?)target!["name"] == name),
        TimeSpan.FromSeconds(15), $"{name} is found");

    public Task WaitForStateAsync(string name, string state) => Eventually.True(
        async () => (string?)(await TargetAsync(name))["state"] == state, TimeSpan.FromSeconds(15), $"{name} is {state}");

    public Task WaitForStorageAsync(string storage) => Eventually.True(
        async () => (string?)(await GetAsync("/health"))["storage"] == storage, TimeSpan.FromSeconds(15), $"heals go to {storage}");

    public async Task<JsonArray> WaitForHistoryAsync(int count)
    {
        await Eventually.True(
            async () => (int)(await GetAsync("/autoheal/history"))["total_in_history"]! >= count, TimeSpan.FromSeconds(20), $"{count} heals");
        return (await GetAsync("/autoheal/history"))["history"]!.AsArray();
    }

    public Task<HttpResponseMessage> RestartAsync(string target, object body, string role = "admin")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/autoheal/{target}/restart") { Content = JsonContent.Create(body) };
        request.Headers.Add("X-User-Roles", role);
        request.Headers.Add("X-User-Name", "ada");
        return Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _catcher.DisposeAsync();
        }
        finally
        {
            Client.Dispose();
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
        Assert.Empty(Events.SelectMany(one => OwnEvents.Faults(one.EventType, one.Payload)));
    }

    private void Catch<T>(string topic, ConcurrentQueue<T> into) => _catcher.Catch(
        _app.Services.GetRequiredKeyedService<SpooledTopic>(topic), into, value => JsonSerializer.Deserialize<T>(value, Json.Wire)!);
}
