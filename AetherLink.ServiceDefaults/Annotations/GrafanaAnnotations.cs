using System.Threading.Channels;

namespace AetherLink.ServiceDefaults;

/// <summary>
/// Marks on Grafana's graphs. They are for the eye: the newest wait in a short queue while Grafana is away, and older ones are dropped.
/// </summary>
public sealed class GrafanaAnnotations
{
    /// <summary>More than a screen of marks at once helps nobody.</summary>
    private const int Waiting = 256;

    private readonly Channel<Mark> _queue = Channel.CreateBounded<Mark>(
        new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    private readonly TimeProvider _clock;
    private readonly bool _isConfigured;

    internal GrafanaAnnotations(IConfiguration configuration, TimeProvider clock, OpenRegions? regions = null)
    {
        _clock = clock;
        _isConfigured = Grafana.Of(configuration) is not null;
        if (_isConfigured && regions is not null)
            OpenFromBefore = regions.FromBefore;
    }

    /// <summary>The keys of regions that were open when the process before this one ended: whoever knows their end closes them.</summary>
    public IReadOnlyList<string> OpenFromBefore { get; } = [];

    internal const string ClientName = "grafana";

    internal ChannelReader<Mark> Queue => _queue.Reader;

    /// <summary>Marks a moment (now, when none is given), or a span up to <paramref name="until"/>. Never waits.</summary>
    public void TryAnnotate(string text, IEnumerable<string> tags, DateTimeOffset? at = null, DateTimeOffset? until = null)
    {
        if (_isConfigured)
            _queue.Writer.TryWrite(new(null, new(text, [Grafana.Tag, .. tags], Time(at), until?.ToUnixTimeMilliseconds()), null));
    }

    /// <summary>Marks the beginning of a region, whose end is not known yet. Never waits.</summary>
    /// <param name="key">By which <see cref="TryClose"/> finds it.</param>
    /// <param name="text">What is shown.</param>
    /// <param name="tags">Besides the one of every mark.</param>
    /// <param name="at">Now, when none is given.</param>
    public void TryOpen(string key, string text, IEnumerable<string> tags, DateTimeOffset? at = null)
    {
        if (_isConfigured)
            _queue.Writer.TryWrite(new(key, new(text, [Grafana.Tag, .. tags], Time(at), null), null));
    }

    /// <summary>Ends a region that this process began, or the one before it. Never waits.</summary>
    public void TryClose(string key, DateTimeOffset? at = null)
    {
        if (_isConfigured)
            _queue.Writer.TryWrite(new(key, null, Time(at)));
    }

    private long Time(DateTimeOffset? at) => (at ?? _clock.GetUtcNow()).ToUnixTimeMilliseconds();

    /// <summary>As Grafana's <c>POST /api/annotations</c> takes it, with times in milliseconds.</summary>
    internal sealed record Annotation(string Text, string[] Tags, long Time, long? TimeEnd);

    /// <summary>A moment or a span (no key), the beginning of a region, or its end (no annotation).</summary>
    internal sealed record Mark(string? Key, Annotation? Annotation, long? Until);
}

