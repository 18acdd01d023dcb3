using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AetherLink.Tests.Web;

internal sealed record Asked(string Method, string PathAndQuery, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>What stands behind the gateway, as far as the gateway can tell: all three services on one real Kestrel.</summary>
internal sealed class FakeMesh : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Lock _gate = new();
    private readonly List<(long Sequence, string Frame)> _events = [];
    private readonly List<(Channel<string> Frames, HttpContext Connection)> _streams = [];
    private long _sequence = 1000;

    private FakeMesh(WebApplication app) => _app = app;

    public ConcurrentQueue<Asked> Requests { get; } = new();

    /// <summary>What the gateway publishes by itself, beside the requests.</summary>
    public ConcurrentQueue<(string Token, JsonElement Event)> Published { get; } = new();

    /// <summary>What a publication is answered with.</summary>
    public int PublishStatus { get; set; } = 200;

    /// <summary>Publications that were answered with another status.</summary>
    public int Refused { get; private set; }

    /// <summary>What a path is answered with, where it is not 200.</summary>
    public ConcurrentDictionary<string, int> Statuses { get; } = new();

    /// <summary>What is answered at a path, as JSON; where nothing is named, the path itself.</summary>
    public ConcurrentDictionary<string, object> Answers { get; } = new();

    /// <summary>What <c>/orchestrate/stream</c> waits for before its second piece.</summary>
    public TaskCompletionSource SecondPiece { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Url => _app.Urls.Single();

    public int Streams
    {
        get
        {
            lock (_gate)
                return _streams.Count;
        }
    }

    public IEnumerable<Asked> StreamRequests => Requests.Where(request => request.PathAndQuery == "/events/stream");

    public static async Task<FakeMesh> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = ["--hostBuilder:reloadConfigOnChange=false"] });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var mesh = new FakeMesh(builder.Build());
        mesh._app.MapGet("/events/stream", mesh.StreamAsync);
        mesh._app.MapPost("/orchestrate/stream", mesh.AnswerInPiecesAsync);
        mesh._app.MapPost("/events/publish/batch", mesh.PublishedAsync);
        mesh._app.MapGet("/ops/services", BreakOffAsync);
        mesh._app.Map("/{**path}", mesh.AnswerAsync);
        await mesh._app.StartAsync();
        return mesh;
    }

    /// <summary>Commits an event, as the Command Center would, and returns its number.</summary>
    public long Publish(string tenant, int padding = 0, string severity = "info")
    {
        lock (_gate)
        {
            var sequence = ++_sequence;
            var data = JsonSerializer.Serialize(new
            {
                sequence,
                event_id = $"e{sequence}",
                event_type = "lead.created",
                severity,
                source = "crm",
                timestamp = DateTimeOffset.UtcNow,
                received_at = DateTimeOffset.UtcNow,
                trace_id = "0af7651916cd43dd8448eb211c80319c",
                payload = new { tenant_id = "a decoy", pad = new string('x', padding) },
                tenant_id = tenant,
            });
            var frame = $"id: {sequence}\nevent: lead.created\ndata: {data}\n\n";
            _events.Add((sequence, frame));
            foreach (var (frames, _) in _streams)
                frames.Writer.TryWrite(frame);
            return sequence;
        }
    }

    /// <summary>Says whose deliveries have moved on, as the Command Center would; null for all tenants'.</summary>
    public void Move(string? tenant)
    {
        lock (_gate)
            foreach (var (frames, _) in _streams)
                frames.Writer.TryWrite(tenant is null ? ": moved deliveries\n\n" : $": moved deliveries={tenant}\n\n");
    }

    /// <summary>Breaks every stream off, as the end of the process would.</summary>
    public void BreakStreams()
    {
        lock (_gate)
            foreach (var (_, connection) in _streams)
                connection.Abort();
    }

    /// <summary>Another database in the place of this one: numbers begin again, and every stream breaks.</summary>
    public void Wipe()
    {
        lock (_gate)
        {
            _events.Clear();
            _sequence = 0;
            BreakStreams();
        }
    }

    public async ValueTask DisposeAsync()
    {
        BreakStreams();
        await _app.DisposeAsync();
    }

    private async Task StreamAsync(HttpContext context)
    {
        await RecordAsync(context);
        var frames = Channel.CreateUnbounded<string>();
        // As the Command Center does: who is of one tenant hears of that one alone.
        var own = TenantOf(context.Request.Headers.Authorization.ToString());
        long after;
        lock (_gate)
        {
            after = long.TryParse(context.Request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                ? id
                : _sequence;
            if (after > _sequence)
            {
                context.Response.StatusCode = 400;
                return;
            }
            foreach (var (_, frame) in _events.Where(one => one.Sequence > after && IsFor(one.Frame, own)))
                frames.Writer.TryWrite(frame);
            _streams.Add((frames, context));
        }
        try
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync($": connected\nid: {after}\n\n", context.RequestAborted);
            await foreach (var frame in frames.Reader.ReadAllAsync(context.RequestAborted))
                if (IsFor(frame, own))
                    await context.Response.WriteAsync(frame, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The gateway left, or the test broke it off.
        }
        finally
        {
            lock (_gate)
                _streams.RemoveAll(stream => stream.Connection == context);
        }
    }

    private static string? TenantOf(string authorization) =>
        new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(authorization.Split(' ')[^1]).TryGetPayloadValue<string>("tenant_id", out var tenant) ? tenant : null;

    private static bool IsFor(string frame, string? tenant) =>
        tenant is null || frame.Contains($"\"tenant_id\":\"{tenant}\"}}", StringComparison.Ordinal);

    private async Task AnswerInPiecesAsync(HttpContext context)
    {
        await RecordAsync(context);
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync("event: delta\ndata: one\n\n", context.RequestAborted);
        await SecondPiece.Task.WaitAsync(context.RequestAborted);
        await context.Response.WriteAsync("event: done\ndata: two\n\n", context.RequestAborted);
    }

    private async Task PublishedAsync(HttpContext context)
    {
        context.Response.StatusCode = PublishStatus;
        var batch = await context.Request.ReadFromJsonAsync<JsonElement>(context.RequestAborted);
        if (PublishStatus == 200)
            foreach (var one in batch.EnumerateArray())
                Published.Enqueue((context.Request.Headers.Authorization.ToString(), one));
        else
            Refused++;
    }

    private static async Task BreakOffAsync(HttpContext context)
    {
        await context.Response.WriteAsync("{\"half\":", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        context.Abort();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        await RecordAsync(context);
        context.Response.StatusCode = Statuses.GetValueOrDefault(context.Request.Path.Value!, 200);
        context.Response.Headers.SetCookie = "upstream=1";
        context.Response.Headers.ETag = "\"7\"";
        await context.Response.WriteAsJsonAsync(
            Answers.TryGetValue(context.Request.Path.Value!, out var answer) ? answer : new { asked = context.Request.Path.Value });
    }

    private async Task RecordAsync(HttpContext context)
    {
        using var body = new StreamReader(context.Request.Body);
        Requests.Enqueue(new(
            context.Request.Method,
            context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await body.ReadToEndAsync(context.RequestAborted)));
    }
}
