using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace AetherLink.Tests.AutoHeal;

/// <summary>What one healer measures: its /metrics has what every other one in this process measures, too.</summary>
internal sealed class HealMeasures : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Name, string Tags, double Value)> _measured = new();

    public HealMeasures(HealerHost healer)
    {
        var own = healer.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, own) && instrument.Name.StartsWith("auto_heal_", StringComparison.Ordinal))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Every value that was measured by an instrument, with tags as <c>target=web,by=healer</c>.</summary>
    public IReadOnlyList<(string Tags, double Value)> Of(string name) => [.. _measured.Where(one => one.Name == name).Select(one => (one.Tags, one.Value))];

    /// <summary>What a gauge says now.</summary>
    public IReadOnlyList<(string Tags, double Value)> Now(string name)
    {
        _measured.Clear();
        _listener.RecordObservableInstruments();
        return Of(name);
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measured.Enqueue((instrument.Name, string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")), value));
}
