using System.Text.Json.Serialization;

namespace AetherLink.CommandCenter.Mesh;

internal enum HealthStatus
{
    /// <summary>Not probed yet.</summary>
    Unknown,
    Up,

    /// <summary>It answers, slowly or not with what was asked for.</summary>
    Degraded,
    Down,
}

internal static class HealthStatusNames
{
    public static string Name(this HealthStatus status) => status switch
    {
        HealthStatus.Up => "up",
        HealthStatus.Degraded => "degraded",
        HealthStatus.Down => "down",
        _ => "unknown",
    };
}

/// <summary>What one probe found.</summary>
internal readonly record struct Probe(HealthStatus Status, int? HttpStatus, double? LatencyMs, string? Error)
{
    /// <summary>An answer that takes longer is one that a person waits for.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    public static Probe Answered(int httpStatus, TimeSpan latency) => httpStatus switch
    {
        >= 200 and < 300 when latency <= Slow => new(HealthStatus.Up, httpStatus, Rounded(latency), null),
        >= 200 and < 300 => new(HealthStatus.Degraded, httpStatus, Rounded(latency), "It answers slowly."),
        >= 500 => new(HealthStatus.Down, httpStatus, Rounded(latency), $"It answered {httpStatus}."),
        _ => new(HealthStatus.Degraded, httpStatus, Rounded(latency), $"It answered {httpStatus}."),
    };

    public static Probe Failed(string error) => new(HealthStatus.Down, null, null, error);

    private static double Rounded(TimeSpan latency) => Math.Round(latency.TotalMilliseconds, 2);
}

/// <summary>A service's health, as it is shown.</summary>
internal sealed record ServiceHealth(HealthStatus Status, string Url, DateTimeOffset Since, DateTimeOffset LastChecked)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? HttpStatus { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? LatencyMs { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }

    /// <summary>False where every endpoint of the service is open to everybody; else absent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? RbacEnabled { get; init; }
}

/// <summary>What is to be announced after a probe.</summary>
internal enum HealthChange
{
    None,
    Failed,
    Recovered,
}

/// <summary>A service under watch: its health, and what was announced of it.</summary>
internal sealed record Watch(ServiceHealth Health, DateTimeOffset FirstProbed, bool WasUp, bool FailureAnnounced)
{
    /// <summary>
    /// The next state, and what is to be announced. Failures and recoveries alternate, beginning with a failure; one that was
    /// never up gets the grace of a start first.
    /// </summary>
    public static (Watch Next, HealthChange Change) After(Watch? before, string url, Probe probe, DateTimeOffset now, TimeSpan grace)
    {
        var isUp = probe.Status is HealthStatus.Up;
        var wasUp = before?.WasUp ?? false;
        var announced = before?.FailureAnnounced ?? false;
        var firstProbed = before?.FirstProbed ?? now;
        var change = isUp
            ? announced ? HealthChange.Recovered : HealthChange.None
            : !announced && (wasUp || now - firstProbed >= grace) ? HealthChange.Failed : HealthChange.None;
        var since = before?.Health.Status == probe.Status ? before.Health.Since : now;
        var health = new ServiceHealth(probe.Status, url, since, now)
        {
            HttpStatus = probe.HttpStatus,
            LatencyMs = probe.LatencyMs,
            Error = probe.Error,
        };
        var next = new Watch(health, firstProbed, wasUp || isUp, change switch
        {
            HealthChange.Failed => true,
            HealthChange.Recovered => false,
            _ => announced,
        });
        return (next, change);
    }
}

/// <summary>The mesh's health.</summary>
internal sealed record MeshHealth(HealthStatus Status, IReadOnlyDictionary<string, ServiceHealth> Services)
{
    /// <summary>Down when the Command Center's own storage is, degraded when anything else is not up.</summary>
    public static MeshHealth Of(IReadOnlyDictionary<string, ServiceHealth> services, string self)
    {
        var own = services.GetValueOrDefault(self)?.Status;
        var status = own is HealthStatus.Down ? HealthStatus.Down
            : own is not null && services.Values.All(service => service.Status is HealthStatus.Up) ? HealthStatus.Up
            : HealthStatus.Degraded;
        return new(status, services);
    }
}
