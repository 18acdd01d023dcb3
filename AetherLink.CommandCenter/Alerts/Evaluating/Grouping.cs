using AetherLink.CommandCenter.Events;

namespace AetherLink.CommandCenter.Alerts.Evaluating;

/// <summary>By what a rule tells its windows apart, beside the tenant.</summary>
internal readonly record struct Grouping(Grouping.By Kind, string? Path = null)
{
    private const string PayloadPrefix = "payload.";

    public enum By
    {
        Nothing,
        Source,
        EventType,
        Severity,
        Tenant,
        Payload,
    }

    /// <summary>Null when there is no such grouping.</summary>
    public static Grouping? Parse(string? text) => text switch
    {
        null => new(By.Nothing),
        "source" => new(By.Source),
        "event_type" => new(By.EventType),
        "severity" => new(By.Severity),
        "tenant" or "tenant_id" => new(By.Tenant),
        _ when text.StartsWith(PayloadPrefix, StringComparison.Ordinal)
            && text[PayloadPrefix.Length..] is { Length: > 0 } path
            && path.Split('.').All(part => part.Length > 0)
            && !path.AsSpan().ContainsAny("{}\"\\,") => new(By.Payload, path),
        _ => null,
    };

    /// <summary>What lacks a value is a group too: the empty one.</summary>
    public string? Of(in Occurrence occurrence, int path) => Kind switch
    {
        By.Nothing => null,
        By.Source => occurrence.Source,
        By.EventType => occurrence.EventType,
        By.Severity => occurrence.Severity.Name(),
        By.Tenant => occurrence.TenantId,
        _ => occurrence.Values?[path] ?? "",
    };
}
