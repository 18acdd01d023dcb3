using OpenTelemetry.Exporter.Text;
using OpenTelemetry.Metrics;

namespace OpenTelemetry.Exporter;

/// <summary>Collects when it is asked to, one scrape at a time, and gives an answer again for a moment.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter(PrometheusAspNetCoreOptions options, TimeProvider time)
    : BaseExporter<Metric>, IPullMetricExporter
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<PrometheusFormat, Scrape> _answers = [];
    private readonly TimeSpan _reuse = TimeSpan.FromMilliseconds(options.ScrapeResponseCacheDurationMilliseconds);
    private PrometheusFormat _format;
    private byte[]? _written;

    public Func<int, bool>? Collect { get; set; }

    /// <summary>The metrics as text; null when they could not be collected.</summary>
    public async Task<Scrape?> ScrapeAsync(PrometheusFormat format, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_answers.TryGetValue(format, out var last) && time.GetElapsedTime(last.At) < _reuse)
                return last;

            _format = format;
            _written = null;
            if (Collect?.Invoke(Timeout.Infinite) is not true || _written is not { } text)
                return null;

            var scrape = new Scrape(text, time.GetTimestamp(), time.GetUtcNow());
            _answers[format] = scrape;
            return scrape;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Called from within <see cref="Collect"/>.</summary>
    public override ExportResult Export(in Batch<Metric> batch)
    {
        var text = new PrometheusText(_format, options);
        if (options.TargetInfoEnabled)
            text.AddTarget(ParentProvider.GetResource());
        foreach (var family in MetricFamily.Of(batch, _format, options))
            text.Add(family);
        _written = text.ToBytes();
        return ExportResult.Success;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _turn.Dispose();
        base.Dispose(disposing);
    }

    internal sealed record Scrape(byte[] Text, long At, DateTimeOffset CollectedAt);
}
