using System.Diagnostics.Metrics;

namespace AetherLink.ServiceDefaults;

/// <summary>
/// For clients whose addresses others choose. The framework measures each address by itself, and <c>/metrics</c> is open to everybody: it would
/// tell where tenants' webhooks are, and have a series for each of thousands of targets. What such a client does its service measures itself.
/// </summary>
public static class UnreadMeters
{
    private static readonly Factory Nobody = new();

    /// <summary>Has the handler measure for nobody.</summary>
    public static SocketsHttpHandler WithoutMetrics(this SocketsHttpHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        handler.MeterFactory = Nobody;
        return handler;
    }

    /// <summary>One meter for all of them, under a name that no exporter listens to.</summary>
    private sealed class Factory : IMeterFactory
    {
        private readonly Meter _meter = new("Unread");

        public Meter Create(MeterOptions options) => _meter;

        public void Dispose() => _meter.Dispose();
    }
}
