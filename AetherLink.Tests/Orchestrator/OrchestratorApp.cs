using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using AetherLink.Orchestrator;
using AetherLink.Orchestrator.Governance.Budgets;
using AetherLink.Orchestrator.Providers;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.CommandCenter;
using AetherLink.Tests.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AetherLink.Tests.Orchestrator;

/// <summary>The Orchestrator itself, in this process, on a free port; its audit and its events are caught at their spools.</summary>
internal sealed class OrchestratorApp : IAsyncDisposable
{
    public const string LocalOnly = """
        version: 1
        providers:
          - {name: local, type: local, capabilities: [extract-lead, summarize-activity, classify-intent]}
        """;

    private readonly WebApplication _app;
    private readonly DirectoryInfo _folder;
    private readonly SpoolCatcher _catcher = new();

    private OrchestratorApp(WebApplication app, DirectoryInfo folder, bool catchAudit)
    {
        (_app, _folder) = (app, folder);
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        Client.DefaultRequestHeaders.Add("X-User-Roles", "agent");
        Client.DefaultRequestHeaders.Add("X-User-Name", "ada");
        if (catchAudit) Catch(Topics.OrchestratorAudit, Audit);
        // A spool is read by one: with a broker that is the service itself.
        if (app.Configuration.GetConnectionString("kafka") is null) Catch(Topics.OpsEvents, Events);
    }

    public HttpClient Client { get; }

    public ConcurrentQueue<JsonNode> Audit { get; } = new();

    public ConcurrentQueue<JsonNode> Events { get; } = new();

    public IServiceProvider Services => _app.Services;

    /// <summary>Audit records that are not handed on yet.</summary>
    public long Pending => _app.Services.GetRequiredKeyedService<SpooledTopic>(Topics.OrchestratorAudit).Pending;

    public string ProvidersFile => Path.Combine(_folder.FullName, "ai-providers.yaml");

    public static Task<OrchestratorApp> StartAsync(
        string yaml = LocalOnly, bool catchAudit = true, params (string Name, string Value)[] settings) =>
        StartAsync(yaml, catchAudit, files: [], settings);

    /// <summary>With services of a test in place of others.</summary>
    public static Task<OrchestratorApp> StartAsync(string yaml, Action<IServiceCollection> services, params (string Name, string Value)[] settings) =>
        StartAsync(yaml, catchAudit: true, files: [], services, settings);

    /// <summary>With files beside the one of the chain.</summary>
    public static Task<OrchestratorApp> StartAsync(
        string yaml, bool catchAudit, (string Name, string Text)[] files, params (string Name, string Value)[] settings) =>
        StartAsync(yaml, catchAudit, files, _ => { }, settings);

    private static async Task<OrchestratorApp> StartAsync(
        string yaml, bool catchAudit, (string Name, string Text)[] files, Action<IServiceCollection> services, (string Name, string Value)[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("orchestrator-");
        foreach (var (name, text) in files) await File.WriteAllTextAsync(Path.Combine(folder.FullName, name), text);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "ai-providers.yaml"), yaml);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development", ApplicationName = "AetherLink.Orchestrator" });
        builder.Configuration.Sources.Clear();
        var configuration = new Dictionary<string, string?>
        {
            ["OTEL_SERVICE_NAME"] = "orchestrator",
            ["DATA_DIR"] = Path.Combine(folder.FullName, "data"),
            ["AI_PROVIDERS_FILE"] = Path.Combine(folder.FullName, "ai-providers.yaml"),
        };
        foreach (var (name, value) in settings) configuration[name] = value;
        builder.Configuration.AddInMemoryCollection(configuration);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSpooledTopic(Topics.OpsEvents);
        builder.AddOrchestrator();
        // Not without any logging: a request has a trace only while somebody listens.
        builder.Logging.AddFilter<ConsoleLines>(null, LogLevel.None);
        builder.Logging.AddProvider(new LogCapture());
        services(builder.Services);
        var app = builder.Build().MapOrchestrator();
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            folder.Delete(recursive: true);
            throw;
        }
        return new OrchestratorApp(app, folder, catchAudit);
    }

    /// <summary>A chain of one provider of this type before the local one.</summary>
    public static Task<OrchestratorApp> StartWithAsync(string type, string url, params (string Name, string Value)[] settings) =>
        StartWithAsync(type, url, timeoutMs: 10_000, settings);

    public static Task<OrchestratorApp> StartWithAsync(string type, string url, int timeoutMs, params (string Name, string Value)[] settings) =>
        StartAsync(
            $$"""
            version: 1
            total_timeout_ms: 20000
            circuit: {failure_threshold: 3, open_seconds: 1}
            providers:
              - name: primary
                type: {{type}}
                model: asked-model
                url: "{{url}}{{(type == "openai" ? "/v1" : "")}}"
                priority: 1
                timeout_ms: {{timeoutMs}}
                capabilities: [extract-lead]
                price: {input_usd_per_million_tokens: 2, output_usd_per_million_tokens: 10}
              - {name: local, type: local, capabilities: [extract-lead, summarize-activity, classify-intent]}
            """,
            catchAudit: true,
            [("ANTHROPIC_API_KEY", "key-a"), ("OPENAI_API_KEY", "key-o"), .. settings]);

    public Task<HttpResponseMessage> PostAsync(object body, CancellationToken cancellationToken = default) =>
        Client.PostAsJsonAsync("/orchestrate", body, cancellationToken);

    public Task<HttpResponseMessage> ExtractAsync(string text = "I'm Jane Doe", CancellationToken cancellationToken = default) =>
        PostAsync(new { intent = "extract-lead", tenant_id = "acme", payload = new { raw_text = text } }, cancellationToken);

    public static async Task<JsonNode> ReadAsync(HttpResponseMessage response) => JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

    /// <summary>
    /// Waits until tokens of a tenant's budget can be held: a call waits half a second for the first of them, and for a service that has only just
    /// started, on a machine that does much else, that may not be enough.
    /// </summary>
    public async Task<OrchestratorApp> ReadyToSpendAsync(long tokens, string tenantId = "acme")
    {
        var budgets = Services.GetRequiredService<TenantBudgets>();
        var limits = Services.GetRequiredService<ProviderChains>().Current.Settings.Governance.Budgets.Of(tenantId);
        await Eventually.True(
            async () =>
            {
                var (hold, _) = await budgets.HoldAsync(tenantId, new Cost(0, tokens), limits, hasOthers: false, default);
                hold?.Settle(default);
                return hold is not null;
            }, TimeSpan.FromSeconds(30), "the tenant's budget is lent from");
        return this;
    }

    public Task WaitForAuditAsync(int count) =>
        Eventually.True(() => Audit.Count >= count, TimeSpan.FromSeconds(10), $"{count} audit records");

    /// <summary>With what differs from run to run (times, traces, ids) taken out, once it is seen to be there.</summary>
    public static string Settled(JsonNode node)
    {
        foreach (var (name, value) in (node as JsonObject)?.ToList() ?? [])
        {
            var o = node.AsObject();
            if (name is "latency_ms" or "overhead_ms" && value is JsonValue)
            {
                Assert.InRange(value.GetValue<double>(), 0, 60_000);
                o[name] = 0;
            }
            else if (name is "trace_id" or "call_id" or "timestamp" or "last_checked")
            {
                if (value is not null) o[name] = "";
            }
            else if (value is not null)
            {
                Settled(value);
            }
        }
        foreach (var item in (node as JsonArray)?.ToList() ?? [])
        {
            if (item is not null) Settled(item);
        }
        return node.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
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
            _folder.Delete(recursive: true);
        }
        Assert.Empty(Events.SelectMany(one => OwnEvents.Faults((string)one["event_type"]!, one["payload"]!)));
    }

    private void Catch(string topic, ConcurrentQueue<JsonNode> into) =>
        _catcher.Catch(_app.Services.GetRequiredKeyedService<SpooledTopic>(topic), into, value => JsonNode.Parse(value)!);
}
