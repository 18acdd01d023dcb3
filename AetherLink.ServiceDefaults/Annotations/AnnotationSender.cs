using System.Globalization;
using System.Net;
using System.Text.Json;
using Polly;

namespace AetherLink.ServiceDefaults;

/// <summary>Sends what waits, and tries again when Grafana is away.</summary>
internal sealed class AnnotationSender(
    GrafanaAnnotations annotations, OpenRegions regions, IHttpClientFactory clients, IConfiguration configuration, ILogger<AnnotationSender> logger,
    TimeProvider clock) : BackgroundLoop(logger, clock)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(2);

    private bool _complained;

    protected override async Task RunAsync(CancellationToken stopping)
    {
        if (Grafana.Of(configuration) is not { } grafana)
            return;
        await foreach (var mark in annotations.Queue.ReadAllAsync(stopping))
        {
            while (!await TrySendAsync(grafana, mark, stopping))
                await Task.Delay(AskAgain, Clock, stopping);
        }
    }

    /// <summary>False when it is worth another try. What Grafana refuses for its own sake it would refuse again.</summary>
    private async Task<bool> TrySendAsync(Grafana grafana, GrafanaAnnotations.Mark mark, CancellationToken stopping)
    {
        try
        {
            using var request = Request(grafana.Annotations, mark);
            if (request is null)
                return true;
            request.Headers.Authorization = grafana.Credentials;
            using var response = await clients.CreateClient(GrafanaAnnotations.ClientName).SendAsync(request, stopping);
            response.EnsureSuccessStatusCode();
            _complained = false;
            await NoteAsync(mark, response, stopping);
            return true;
        }
        // The last is what the client's own breaker, time-out and limiter throw.
        catch (Exception exception) when (exception is HttpRequestException or TimeoutException or OperationCanceledException or ExecutionRejectedException)
        {
            stopping.ThrowIfCancellationRequested();
            if (!_complained)
                Log.AnnotationsFail(logger, exception.Message);
            _complained = true;
            var status = (exception as HttpRequestException)?.StatusCode;
            if (status is not (>= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError) or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests)
                return false;
            // The end of a region that Grafana does not know any more, or will not end. One that a key does not open is ended by the next process.
            if (mark is { Key: { } key, Annotation: null } && status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
                regions.Forget(key);
            return true;
        }
    }

    /// <summary>Null for the end of a region whose beginning Grafana never got.</summary>
    private HttpRequestMessage? Request(Uri target, GrafanaAnnotations.Mark mark)
    {
        if (mark.Annotation is { } annotation)
            return new(HttpMethod.Post, target) { Content = JsonContent.Create(annotation) };
        return regions.Find(mark.Key!) is { } id
            ? new(HttpMethod.Patch, new Uri($"{target}/{id.ToString(CultureInfo.InvariantCulture)}"))
            {
                Content = JsonContent.Create(new { timeEnd = mark.Until }),
            }
            : null;
    }

    private async Task NoteAsync(GrafanaAnnotations.Mark mark, HttpResponseMessage response, CancellationToken stopping)
    {
        if (mark.Key is not { } key)
            return;
        if (mark.Annotation is null)
        {
            regions.Forget(key);
            return;
        }
        try
        {
            using var answer = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(stopping), cancellationToken: stopping);
            if (answer.RootElement.ValueKind == JsonValueKind.Object && answer.RootElement.TryGetProperty("id", out var id) && id.TryGetInt64(out var number))
                regions.Open(key, number);
        }
        catch (JsonException)
        {
            // Something else than Grafana answers there; a region that cannot be closed stays a moment.
        }
    }
}
