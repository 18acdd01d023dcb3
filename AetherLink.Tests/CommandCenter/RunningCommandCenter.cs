using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using AetherLink.CommandCenter;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AetherLink.Tests.CommandCenter;

/// <summary>The Command Center as Program.cs builds it, in this process, on a free port.</summary>
internal sealed class RunningCommandCenter : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningCommandCenter(WebApplication app, LogCapture logs) => (_app, Logs) = (app, logs);

    public LogCapture Logs { get; }

    public IServiceProvider Services => _app.Services;

    public Uri Address => new(_app.Urls.Single());

    public static async Task<RunningCommandCenter> StartAsync(
        string connectionString, string? kafka = null, Dictionary<string, string?>? settings = null, bool waitUntilReady = true,
        TimeProvider? clock = null, string environment = "Development")
    {
        var logs = new LogCapture();
        // A watch on the settings of each of many applications would use up the machine's inotify instances.
        var app = CommandCenterHost.Build(["--hostBuilder:reloadConfigOnChange=false", $"--environment={environment}"], builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["OTEL_SERVICE_NAME"] = "command-center",
                ["MESH_KEY"] = ToyApp.MeshKey,
                ["urls"] = "http://127.0.0.1:0",
                ["ConnectionStrings:aetherlink"] = connectionString,
                ["ConnectionStrings:kafka"] = kafka,
                ["Mesh:ProbeSeconds"] = "0.2",
            });
            builder.Configuration.AddInMemoryCollection(settings ?? []);
            builder.Services.AddSingleton(clock ?? TimeProvider.System);
            builder.Logging.AddFilter<ConsoleLines>(null, LogLevel.None);
        });
        // The service's defaults clear what was added before them.
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(logs);
        await app.StartAsync();
        if (waitUntilReady)
        {
            await app.Services.GetRequiredService<DatabaseReady>().WaitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        }
        return new(app, logs);
    }

    public HttpClient Client(string roles = "operator", string? tenant = null)
    {
        var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.Add("X-User-Roles", roles);
        if (tenant is not null)
        {
            client.DefaultRequestHeaders.Add("X-Tenant-ID", tenant);
        }
        return client;
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        IReadOnlyList<string> faults = [];
        try
        {
            faults = Services.GetRequiredService<DatabaseReady>().IsReady
                ? await OwnEvents.FaultsOfStoredAsync(Services.GetRequiredService<NpgsqlDataSource>())
                : [];
        }
        catch (NpgsqlException)
        {
            // The test has taken its database away.
        }
        await _app.DisposeAsync();
        Assert.Empty(faults);
    }
}

/// <summary>Requests in one line.</summary>
internal static class CommandCenterRequests
{
    public static string NewTenant() => $"t-{Guid.NewGuid():N}";

    public static Task<HttpResponseMessage> PublishAsync(this HttpClient client, string id, string type = "lead.created", string severity = "info", object? payload = null) =>
        client.PostAsJsonAsync("/events/publish", new { event_type = type, source = "tests", event_id = id, severity, payload = payload ?? Subject(id) });

    /// <summary>A payload that every shipped type takes: it names whatever the event may be about.</summary>
    public static object Subject(string id) => new { lead_id = id, name = "web", service = "web", intent = "extract-lead" };

    public static Task<HttpResponseMessage> PostAsync(this HttpClient client, string path, string body, string contentType) =>
        client.PostAsync(path, new StringContent(body, Encoding.UTF8, contentType));

    public static async Task<JsonObject> JsonAsync(this HttpClient client, string path) =>
        (await client.GetFromJsonAsync<JsonObject>(path))!;

    /// <summary>What each page of a list has, until there is no next one.</summary>
    public static async Task<IReadOnlyList<string[]>> PagesAsync(this HttpClient client, string path, Func<JsonObject, IEnumerable<string>> entries)
    {
        var pages = new List<string[]>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await client.JsonAsync(cursor.Length == 0 ? path : $"{path}&cursor={Uri.EscapeDataString(cursor)}");
            pages.Add([.. entries(page)]);
            cursor = (string?)page["next_cursor"];
        }
        return pages;
    }

    public static async Task<JsonObject> JsonAsync(this HttpResponseMessage answer) =>
        JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();

    public static async Task<string[]> IdsAsync(this HttpClient client, string query = "") =>
        [.. (await client.JsonAsync("/events/recent" + query))["events"]!.AsArray().Select(one => (string)one!["event_id"]!)];
}
