using System.Net.Http.Headers;
using System.Text;
using System.Threading.Channels;

namespace AetherLink.ServiceDefaults;

/// <summary>
/// Marks on Grafana's graphs. They are for the eye: they wait in a short queue, and are dropped when Grafana is away.
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

/// <summary>Sends what waits.</summary>
internal sealed class AnnotationSender(
    GrafanaAnnotations annotations, IHttpClientFactory clients, IConfiguration configuration, ILogger<AnnotationSender> logger,
    TimeProvider clock) : BackgroundLoop(logger, clock)
{
    private bool _complained;

    protected override async Task RunAsync(CancellationToken stopping)
    {
        if (configuration[GrafanaAnnotations.UrlKey] is not { Length: > 0 } url)
            return;
        var target = new Uri(new Uri(url.TrimEnd('/') + "/"), "api/annotations");
        await foreach (var annotation in annotations.Queue.ReadAllAsync(stopping))
            await SendAsync(target, annotation, stopping);
    }

    // Grafana's tokens have no colon: with one it is `user:password`, which is what a Grafana without any token yet takes.
    private static AuthenticationHeaderValue Credentials(string key) => key.Contains(':', StringComparison.Ordinal)
        ? new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(key)))
        : new("Bearer", key);

    private async Task SendAsync(Uri target, GrafanaAnnotations.Annotation annotation, CancellationToken stopping)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = JsonContent.Create(annotation) };
            if (configuration["GRAFANA_API_KEY"] is { Length: > 0 } key)
                request.Headers.Authorization = Credentials(key);
            using var response = await clients.CreateClient(GrafanaAnnotations.ClientName).SendAsync(request, stopping);
            response.EnsureSuccessStatusCode();
            _complained = false;
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutException or OperationCanceledException)
        {
            stopping.ThrowIfCancellationRequested();
            if (!_complained)
                Log.AnnotationsFail(logger, exception.Message);
            _complained = true;
        }
    }
}
