namespace AetherLink.CommandCenter.Insights.Causes.Watching;

/// <summary>A part that did not answer.</summary>
/// <param name="Since">Since when.</param>
/// <param name="Until">When it was last seen so.</param>
/// <param name="Detail">What it was.</param>
internal sealed record PartFault(DateTimeOffset Since, DateTimeOffset Until, string Detail)
{
    /// <summary>What one look says of the fault that there was until then; null for none.</summary>
    public static PartFault? After(PartFault? before, DateTimeOffset at, string? error) =>
        error is null ? null : before is null ? new(at, at, error) : before with { Until = at };

    /// <summary>Once is chance: a busy machine answers late.</summary>
    public bool IsSure => Until > Since;
}
