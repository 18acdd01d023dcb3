using System.ComponentModel;
using System.ComponentModel.DataAnnotations.Schema;
using System.Text.Json;
using AetherLink.CommandCenter.Events;

namespace AetherLink.CommandCenter.Alerts.Templating;

/// <summary>What a rule made from a template begins with.</summary>
internal sealed record RuleTemplate
{
    public required int WindowSeconds { get; init; }

    public required int Threshold { get; init; }

    public string? Severity { get; init; }

    public string? EventType { get; init; }

    public string? Source { get; init; }

    public string? GroupBy { get; init; }

    public Severity? AlertSeverity { get; init; }
}

/// <summary>A template of one's own, as a row.</summary>
internal sealed record TemplateRow
{
    public required string TemplateId { get; init; }

    public string? TenantId { get; init; }

    public required string Name { get; init; }

    public required string Description { get; init; }

    public required string Rule { get; init; }

    public required string CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string UpdatedBy { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    [NotMapped]
    public RuleTemplate Begin => JsonSerializer.Deserialize(Rule, AlertsJson.Wire.RuleTemplate)!;
}

/// <summary>A template as the document of the API shows it.</summary>
internal sealed record TemplateBody
{
    public required string Name { get; init; }

    public string? Description { get; init; }

    public required RuleTemplate Rule { get; init; }

    [Description("The caller's tenant, if absent; else everybody's.")]
    public string? TenantId { get; init; }
}

/// <summary>What a rule has otherwise than its template; all that a rule has may be given.</summary>
internal sealed record Overrides
{
    public string? Name { get; init; }

    public int? WindowSeconds { get; init; }

    public int? Threshold { get; init; }

    public string? Severity { get; init; }

    public string? EventType { get; init; }

    public string? Source { get; init; }

    public string? GroupBy { get; init; }

    public Severity? AlertSeverity { get; init; }

    public bool? Enabled { get; init; }

    public string? TenantId { get; init; }
}

/// <summary>A template. One that shipped with the product cannot be changed.</summary>
internal sealed record Template(
    string TemplateId, string Name, string Description, bool Shipped, string? TenantId, RuleTemplate Rule, string? CreatedBy,
    DateTimeOffset? CreatedAt, string? UpdatedBy, DateTimeOffset? UpdatedAt)
{
    public static Template Of(TemplateRow row) => new(
        row.TemplateId, row.Name, row.Description, false, row.TenantId, row.Begin, row.CreatedBy, row.CreatedAt, row.UpdatedBy,
        row.UpdatedAt);
}

internal sealed record TemplateList(string Status, int Count, string? NextCursor, IReadOnlyList<Template> Templates);

internal sealed record TemplateAnswer(string Status, string TemplateId, Template Template);
