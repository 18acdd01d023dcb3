using AetherLink.CommandCenter.Events.Querying;
using Microsoft.AspNetCore.Mvc;

namespace AetherLink.CommandCenter.Insights;

/// <summary>Of how many hours, and of whom, something is told that is counted by the hour.</summary>
internal sealed record SpanQuery
{
    private const int Usual = 24;

    /// <summary>As long as deliveries are kept: a month.</summary>
    public const int MostHours = 24 * 31;

    [FromQuery(Name = "hours")]
    public int? Hours { get; init; }

    [FromQuery(Name = "tenant_id")]
    public string? TenantId { get; init; }

    public (int Hours, string? Asked) Check(QueryCheck check) => (check.Range("hours", Hours ?? Usual, MostHours), check.Text("tenant_id", TenantId));
}
