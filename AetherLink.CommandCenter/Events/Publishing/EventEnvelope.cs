using System.ComponentModel;
using System.Text.Json;

namespace AetherLink.CommandCenter.Events.Publishing;

/// <summary>The envelope as the document of the API shows it. It is read by hand, so that all that is wrong is named at once.</summary>
internal sealed record EventEnvelope
{
    [Description("One of /events/schema.")]
    public required string EventType { get; init; }

    [Description("Who says so.")]
    public required string Source { get; init; }

    [Description("An object.")]
    public required JsonElement Payload { get; init; }

    [Description("When it happened; now, if absent.")]
    public DateTimeOffset? Timestamp { get; init; }

    [Description("The caller's tenant, else 'default', if absent.")]
    public string? TenantId { get; init; }

    [Description("info, warning, error or critical; info, if absent.")]
    public string? Severity { get; init; }

    [Description("Makes it idempotent for seven days; a UUIDv7, if absent.")]
    public string? EventId { get; init; }

    [Description("The W3C trace id; the request's, if absent.")]
    public string? TraceId { get; init; }
}
