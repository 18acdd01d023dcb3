namespace AetherLink.CommandCenter.Insights.Anomalies.Feeding;

/// <summary>Which series: what is measured, and whose it is. What is the mesh's own belongs to the tenant that its events have.</summary>
internal readonly record struct SeriesKey(string TenantId, string Name)
{
    public const string MeshTenant = "default";

    /// <summary>Characters of a part that somebody else has named; a longer one is cut.</summary>
    private const int Part = 100;

    public static SeriesKey Events(string tenant, string type, string severity) => new(tenant, $"events/{Cut(type)}/{severity}");

    public static SeriesKey Heals(string service) => new(MeshTenant, $"heals/{Cut(service)}");

    public static SeriesKey ServiceLatency(string service) => new(MeshTenant, $"services/{Cut(service)}/latency");

    public static SeriesKey Failures(string tenant, string subject) => new(tenant, $"{subject}/failures");

    public static SeriesKey Latency(string tenant, string subject) => new(tenant, $"{subject}/latency");

    private static string Cut(string part) => part.Length <= Part ? part : part[..Part];
}

/// <summary>How a series is measured. The numbers are stored.</summary>
internal enum SeriesKind : short
{
    /// <summary>How many in a bucket; a bucket without any is a point too, of none.</summary>
    Count = 0,

    /// <summary>The mean of a bucket; one without any has no point.</summary>
    Milliseconds = 1,
}

internal static class SeriesKinds
{
    /// <summary>A difference that nobody would act on is not told, however unusual it is: one event where there is never any.</summary>
    private const double LeastCount = 5;

    /// <summary>Less than that is not felt by anybody who waits.</summary>
    private const double LeastMilliseconds = 50;

    public static bool IsWorthTelling(this SeriesKind kind, double observed, double expected) =>
        Math.Abs(observed - expected) >= (kind is SeriesKind.Count ? LeastCount : LeastMilliseconds);

    public static string Unit(this SeriesKind kind) => kind is SeriesKind.Count ? "in 10 s" : "ms";
}
