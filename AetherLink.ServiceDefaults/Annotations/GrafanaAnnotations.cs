using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.Channels;
using Polly;

namespace AetherLink.ServiceDefaults;

/// <summary>
/// Marks on Grafana's graphs. They are for the eye: the newest wait in a short queue while Grafana is away, and older ones are dropped.
/// </summary>
public sealed class GrafanaAnnotations
{
    /// <summary>More than a screen of marks at once helps nobody.</summary>
    private const int Waiting = 256;

    private readonly Channel<Annotation> _queue = Channel.CreateBounded<Annotation>(
        new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    private readonly TimeProvider _clock;
    private readonly bool _isConfigured;

    internal GrafanaAnnotations(IConfiguration configuration, TimeProvider clock)
    {
        _clock = clock;
        _isConfigured = configuration[UrlKey] is { Length: > 0 };
    }

    internal const string UrlKey = "GRAFANA_URL";

    /// <summary>On every mark: the dashboards show those that have it.</summary>
    private const string Tag = "aetherlink";

    internal const string ClientName = "grafana";

    internal ChannelReader<Annotation> Queue => _queue.Reader;

    /// <summary>Marks a moment (now, when none is given), or a span up to <paramref name="until"/>. Never waits.</summary>
    public void TryAnnotate(string text, IEnumerable<string> tags, DateTimeOffset? at = null, DateTimeOffset? until = null)
    {
        if (!_isConfigured)
            return;
        var time = (at ?? _clock.GetUtcNow()).ToUnixTimeMilliseconds();
        _queue.Writer.TryWrite(new(text, [Tag, .. tags], time, until?.ToUnixTimeMilliseconds()));
    }

    /// <summary>As Grafana's <c>POST /api/annotations</c> takes it, with times in milliseconds.</summary>
    internal sealed record Annotation(string Text, string[] Tags, long Time, long? TimeEnd);
}

/// <summary>Sends what waits, and tries again when Grafana is away.</summary>
internal sealed class AnnotationSender(
    GrafanaAnnotations annotations, IHttpClientFactory clients, IConfiguration configuration, ILogger<AnnotationSender> logger,
    TimeProvider clock) : BackgroundLoop(logger, clock)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(2);

    private bool _complained;

    protected override async Task RunAsync(CancellationToken stopping)
    {
        if (configuration[GrafanaAnnotations.UrlKey] is not { Length: > 0 } url)
            return;
        var target = new Uri(new Uri(url.TrimEnd('/') + "/"), "api/annotations");
        await foreach (var annotation in annotations.Queue.ReadAllAsync(stopping))
        {
            while (!await TrySendAsync(target, annotation, stopping))
                await Task.Delay(AskAgain, Clock, stopping);
        }
    }

    // Grafana's tokens have no colon: with one it is `user:password`, which is what a Grafana without any token yet takes.
    private static AuthenticationHeaderValue Credentials(string key) => key.Contains(':', StringComparison.Ordinal)
        ? new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(key)))
        : new("Bearer", key);

    /// <summary>False when it is worth another try. What Grafana refuses it would refuse again.</summary>
    private async Task<bool> TrySendAsync(Uri target, GrafanaAnnotations.Annotation annotation, CancellationToken stopping)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = JsonContent.Create(annotation) };
            if (configuration["GRAFANA_API_KEY"] is { Length: > 0 } key)
                request.Headers.Authorization = Credentials(key);
            using var response = await clients.CreateClient(GrafanaAnnotations.ClientName).SendAsync(request, stopping);
            response.EnsureSuccessStatusCode();
            _complained = false;
            return true;
        }
        // The last is what the client's own breaker, time-out and limiter throw.
        catch (Exception exception) when (exception is HttpRequestException or TimeoutException or OperationCanceledException or ExecutionRejectedException)
        {
            stopping.ThrowIfCancellationRequested();
            if (!_complained)
                Log.AnnotationsFail(logger, exception.Message);
            _complained = true;
            return exception is HttpRequestException { StatusCode: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError };
        }
    }
}
