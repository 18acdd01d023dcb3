using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AetherLink.Tests.ServiceDefaults;

/// <summary>A small service with the defaults, on a real Kestrel and a free port.</summary>
internal sealed class ToyApp : IAsyncDisposable
{
    public const string MeshKey = "a key for tests, of thirty-two bytes at least";
    public const string Resource = "toy";

    private readonly WebApplication _app;

    private ToyApp(WebApplication app, LogCapture logs)
    {
        (_app, Logs) = (app, logs);
        Http = new() { BaseAddress = new(app.Urls.Single()) };
    }

    public HttpClient Http { get; }

    public LogCapture Logs { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<ToyApp> StartAsync(
        Action<WebApplication>? map = null,
        string environment = "Development",
        Dictionary<string, string?>? settings = null,
        Action<WebApplicationBuilder>? add = null,
        Action<ServiceDefaultsOptions>? options = null)
    {
        var app = Build(map, environment, settings, add, options);
        await app.StartAsync();
        return new(app, app.Services.GetRequiredService<LogCapture>());
    }

    public static WebApplication Build(
        Action<WebApplication>? map = null,
        string environment = "Development",
        Dictionary<string, string?>? settings = null,
        Action<WebApplicationBuilder>? add = null,
        Action<ServiceDefaultsOptions>? options = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            // A watch on the settings of each of many applications would use up the machine's inotify instances.
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
            EnvironmentName = environment,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OTEL_SERVICE_NAME"] = Resource,
            ["MESH_KEY"] = MeshKey,
            ["urls"] = "http://127.0.0.1:0",
        });
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.AddServiceDefaults(options);

        var logs = new LogCapture();
        builder.Services.AddSingleton(logs);
        builder.Logging.AddProvider(logs);
        builder.Logging.AddFilter<ConsoleLines>(null, LogLevel.None);
        add?.Invoke(builder);

        var app = builder.Build();
        app.MapDefaultEndpoints();
        map?.Invoke(app);
        return app;
    }

    /// <summary>Sends a request, with headers.</summary>
    public Task<HttpResponseMessage> SendAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, null, headers);

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        return await Http.SendAsync(request);
    }

    public async Task<JsonElement> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(path, headers);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

internal sealed record LogLine(
    LogLevel Level, string Category, EventId Id, string Message, IReadOnlyDictionary<string, object?> Values, Exception? Exception);

/// <summary>Keeps what was logged.</summary>
internal sealed class LogCapture : ILoggerProvider
{
    public ConcurrentQueue<LogLine> Lines { get; } = new();

    public IEnumerable<LogLine> Errors => Lines.Where(line => line.Level >= LogLevel.Error);

    public ILogger CreateLogger(string categoryName) => new Capturing(categoryName, Lines);

    public void Dispose()
    {
    }

    private sealed class Capturing(string category, ConcurrentQueue<LogLine> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(new(
                logLevel, category, eventId, formatter(state, exception),
                (state as IReadOnlyList<KeyValuePair<string, object?>> ?? []).ToDictionary(value => value.Key, value => value.Value), exception));
    }
}
