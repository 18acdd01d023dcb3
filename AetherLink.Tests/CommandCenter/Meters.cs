using System.Diagnostics.Metrics;
using AetherLink.CommandCenter.Events;

namespace AetherLink.Tests.CommandCenter;

/// <summary>Meters that nobody reads.</summary>
internal sealed class Meters : IMeterFactory
{
    public static EventMetrics Events() => new(new Meters());

    public Meter Create(MeterOptions options) => new(options);

    public void Dispose()
    {
    }
}
