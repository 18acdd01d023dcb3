using System.Diagnostics.Metrics;
using AetherLink.CommandCenter.Events;

namespace AetherLink.Tests.CommandCenter;

/// <summary>
/// Meters that nobody reads; the same for all. The runtime keeps each one for ever, and every host that starts looks at all of them: of
/// six thousand, which a property had made, each later test that started a host took a second longer.
/// </summary>
internal sealed class Meters : IMeterFactory
{
    public static EventMetrics Events { get; } = new(new Meters());

    public Meter Create(MeterOptions options) => new(options);

    public void Dispose()
    {
    }
}
