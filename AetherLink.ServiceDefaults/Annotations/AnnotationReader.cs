using System.Globalization;
using System.Text.Json;

namespace AetherLink.ServiceDefaults;

/// <summary>What Grafana holds of a time.</summary>
/// <param name="At">When, or since when.</param>
/// <param name="Until">Null for a moment.</param>
/// <param name="Text">As it was written: it may have HTML in it.</param>
/// <param name="Tags">By which it is found.</param>
internal sealed record GrafanaNote(DateTimeOffset At, DateTimeOffset? Until, string Text, IReadOnlyList<string> Tags);

/// <summary>
/// Reads annotations back from Grafana. Whoever asks for the same minutes at about the same time shares an answer, and that there is
/// none: a Grafana that is away or slow costs nobody more than the patience, once in a while.
/// </summary>
internal sealed class AnnotationReader(IHttpClientFactory clients, IConfiguration configuration, TimeProvider clock, ILogger<AnnotationReader> logger)
{
    public const string Client = "grafana-read";

    /// <summary>For one answer. It is a lane of a chart, for which nobody waits longer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Bytes of an answer; one of 500 is about a tenth of it.</summary>
    public const int MostBytes = 2_000_000;

    /// <summary>What one can tell apart on an axis; Grafana gives the newest.</summary>
    private const int Most = 500;

    private const int LongestText = 300;

    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(10);

    /// <summary>Questions whose answers are kept: the spans that people choose, at the minutes in which they look.</summary>
    private const int MostKept = 64;

    private readonly Dictionary<(long From, long To), Kept> _kept = [];
    private readonly Lock _lock = new();
    private bool _complained;

    /// <summary>The newest first; null where no Grafana answers.</summary>
    public Task<IReadOnlyList<GrafanaNote>?> ReadAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        if (Grafana.Of(configuration) is not { } grafana)
            return Task.FromResult<IReadOnlyList<GrafanaNote>?>(null);
        return Shared(grafana, (Minute(from), Minute(to) + 60_000)).WaitAsync(cancellationToken);
    }

    private Task<IReadOnlyList<GrafanaNote>?> Shared(Grafana grafana, (long From, long To) span)
    {
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            if (_kept.TryGetValue(span, out var known) && now - known.At < KeptFor)
                return known.Answer;
            foreach (var old in _kept.Where(one => now - one.Value.At >= KeptFor).Select(one => one.Key).ToList())
                _kept.Remove(old);
            if (_kept.Count >= MostKept)
                _kept.Remove(_kept.MinBy(one => one.Value.At).Key);
            // In nobody's name and for all who ask: one that leaves does not take it along.
            var answer = AskAsync(grafana, span);
            _kept[span] = new(now, answer);
            return answer;
        }
    }

    private async Task<IReadOnlyList<GrafanaNote>?> AskAsync(Grafana grafana, (long From, long To) span)
    {
        try
        {
            var query = string.Create(CultureInfo.InvariantCulture, $"?from={span.From}&to={span.To}&tags={Grafana.Tag}&limit={Most}");
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(grafana.Annotations + query));
            request.Headers.Authorization = grafana.Credentials;
            using var response = await clients.CreateClient(Client).SendAsync(request);
            response.EnsureSuccessStatusCode();
            using var answer = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync());
            _complained = false;
            return [.. answer.RootElement.EnumerateArray().Take(Most).Select(Read).OfType<GrafanaNote>().OrderByDescending(note => note.At)];
        }
        // The last is what something else than Grafana makes of it: JSON, and no list.
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or JsonException or InvalidOperationException)
        {
            if (!_complained)
                Log.AnnotationsUnread(logger, exception.Message);
            _complained = true;
            return null;
        }
    }

    /// <summary>As in <c>{"id":1,"time":1700000000000,"timeEnd":1700000060000,"text":"deployed","tags":["aetherlink"]}</c>; null for anything else.</summary>
    private static GrafanaNote? Read(JsonElement one)
    {
        if (one.ValueKind != JsonValueKind.Object || Time(one, "time") is not { } at)
            return null;
        var text = one.TryGetProperty("text", out var written) && written.ValueKind == JsonValueKind.String ? written.GetString()! : "";
        var tags = one.TryGetProperty("tags", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(tag => tag.ValueKind == JsonValueKind.String).Select(tag => tag.GetString()!).ToArray()
            : [];
        return new(at, Time(one, "timeEnd") is { } until && until > at ? until : null, text.Length > LongestText ? text[..LongestText] + "…" : text, tags);
    }

    private static DateTimeOffset? Time(JsonElement one, string name) =>
        one.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var milliseconds)
        && milliseconds is > 0 and < 253_402_300_800_000
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;

    private static long Minute(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 60_000 * 60_000;

    private sealed record Kept(DateTimeOffset At, Task<IReadOnlyList<GrafanaNote>?> Answer);
}

internal static class AnnotationReading
{
    /// <summary>Asks once and neither again nor elsewhere: what is sent with it is a password.</summary>
    public static void AddAnnotationReader(this IServiceCollection services)
    {
        services.AddSingleton<AnnotationReader>();
        services.AddHttpClient(AnnotationReader.Client, client =>
            {
                client.Timeout = AnnotationReader.Patience;
                client.MaxResponseContentBufferSize = AnnotationReader.MostBytes;
            })
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false })
            .Bare();
    }
}
