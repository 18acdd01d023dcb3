using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;

namespace AetherLink.ServiceDefaults;

/// <summary>Publishes what this service did. It is off the request path: the spool takes it, and hands it on to Kafka.</summary>
public sealed class OpsEventPublisher
{
    private readonly SpooledTopic? _spool;
    private readonly ServiceIdentity _identity;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Counter<long> _dropped;
    private int _complained;

    internal OpsEventPublisher(
        SpooledTopic? spool, ServiceIdentity identity, TimeProvider clock, IMeterFactory meters, ILogger<OpsEventPublisher> logger)
    {
        (_spool, _identity, _clock, _logger) = (spool, identity, clock, logger);
        _dropped = meters.Create(Telemetry.MeterName)
            .CreateCounter<long>("aetherlink_events_dropped", description: "Events that the spool did not take.");
    }

    /// <summary>
    /// Fills in source, time and trace, and spools the event. False when the spool is full (or there is none): counted, and
    /// logged once until it takes events again.
    /// </summary>
    public bool TryPublish(OpsEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        var filled = e with
        {
            Source = e.Source ?? _identity.Resource,
            Timestamp = e.Timestamp == default ? _clock.GetUtcNow() : e.Timestamp,
            TraceId = e.TraceId ?? Activity.Current?.TraceId.ToString(),
        };
        var headers = new Dictionary<string, string>(3, StringComparer.Ordinal)
        {
            ["type"] = filled.EventType,
            ["version"] = "1",
            ["origin"] = _identity.Resource,
        };
        if (_spool?.TryAppend(filled.TenantId, JsonSerializer.SerializeToUtf8Bytes(filled, Json.Wire), headers) == true)
        {
            Volatile.Write(ref _complained, 0);
            return true;
        }

        _dropped.Add(1);
        if (Interlocked.Exchange(ref _complained, 1) == 0)
            Log.EventsNotPublished(_logger, _spool is null ? "ConnectionStrings:kafka is not set" : "the spool takes no more");
        return false;
    }
}
