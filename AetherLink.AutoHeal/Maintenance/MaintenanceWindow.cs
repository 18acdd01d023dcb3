namespace AetherLink.AutoHeal.Maintenance;

/// <summary>A time in which nothing is restarted, because somebody works on it.</summary>
internal sealed record MaintenanceWindow
{
    public required Guid Id { get; init; }

    /// <summary>The one target it covers; null for all.</summary>
    public string? Target { get; init; }

    public required DateTimeOffset StartsAt { get; init; }

    public required DateTimeOffset Until { get; init; }

    public required string Reason { get; init; }

    public required string CreatedBy { get; init; }

    /// <summary>The trace of the request that opened it.</summary>
    public string? TraceId { get; init; }

    public bool Covers(string target, DateTimeOffset now) => StartsAt <= now && now < Until && (Target is null || Target == target);
}
