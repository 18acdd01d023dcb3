using AetherLink.CommandCenter.Mesh;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Insights.Timeline;

/// <summary>What was told of a service.</summary>
internal sealed record ServiceNews(string Name, string EventType, string? Status, string? Error, DateTimeOffset At);

/// <summary>How the services stood at a time, from what was told before it and after it. Pure.</summary>
internal static class PastServices
{
    /// <param name="before">The last that was told of each until then.</param>
    /// <param name="after">The first that was told of each since then.</param>
    /// <param name="now">How they stand today.</param>
    /// <param name="at">The time.</param>
    public static IReadOnlyList<ServiceState> At(
        IReadOnlyCollection<ServiceNews> before, IReadOnlyCollection<ServiceNews> after, IReadOnlyDictionary<string, ServiceHealth> now, DateTimeOffset at)
    {
        var (last, next) = (before.ToDictionary(news => news.Name, StringComparer.Ordinal), after.ToDictionary(news => news.Name, StringComparer.Ordinal));
        return
        [
            .. last.Keys.Union(next.Keys).Union(now.Keys).Order(StringComparer.Ordinal)
                .Select(name => Of(name, last.GetValueOrDefault(name), next.GetValueOrDefault(name), now.GetValueOrDefault(name), at)).OfType<ServiceState>(),
        ];
    }

    // Failures and recoveries alternate: where nothing is kept from before, what comes next tells what it was.
    private static ServiceState? Of(string name, ServiceNews? last, ServiceNews? next, ServiceHealth? now, DateTimeOffset at) => (last, next, now) switch
    {
        ({ EventType: EventTypes.ServiceUnregistered }, _, _) => null,
        ({ EventType: EventTypes.ServiceHealthFailed }, _, _) => new(name, last.Status ?? "down", last.At, last.Error),
        ({ EventType: EventTypes.ServiceHealthRecovered }, _, _) => new(name, "up", last.At, null),
        (_, { EventType: EventTypes.ServiceHealthFailed or EventTypes.ServiceUnregistered }, _) => new(name, "up", null, null),
        (_, { EventType: EventTypes.ServiceHealthRecovered }, _) => new(name, "down", null, null),
        (_, { EventType: EventTypes.ServiceRegistered }, _) => null,
        (_, _, { } health) => health.Since <= at ? new(name, health.Status.Name(), health.Since, health.Error) : new(name, HealthStatus.Unknown.Name(), null, null),
        _ => new(name, HealthStatus.Unknown.Name(), null, null),
    };
}
