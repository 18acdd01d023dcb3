using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace AetherLink.Tests.CommandCenter;

/// <summary>
/// What one Command Center measures. Its /metrics has the instruments of all others in this process too, and drops some when
/// they are too many.
/// </summary>
internal sealed class OwnMeters : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<(string Name, string? Topic), long> _counts = new();

    public OwnMeters(RunningCommandCenter service)
    {
        var own = service.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, own))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            string? topic = null;
            foreach (var tag in tags)
            {
                topic = tag.Key == "topic" ? tag.Value as string : topic;
            }
            _counts.AddOrUpdate((instrument.Name, topic), value, (_, sum) => instrument.IsObservable ? value : sum + value);
        });
        _listener.Start();
    }

    /// <summary>The sum of a counter, or the last of a gauge; null while there is none.</summary>
    public long? Read(string name, string? topic = null)
    {
        _listener.RecordObservableInstruments();
        return _counts.TryGetValue((name, topic), out var count) ? count : null;
    }

    public void Dispose() => _listener.Dispose();
}
