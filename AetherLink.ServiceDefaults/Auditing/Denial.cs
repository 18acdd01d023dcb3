using System.Text.Json.Nodes;

namespace AetherLink.ServiceDefaults;

/// <summary>Who was refused what. All that is alike in this is one event a minute, however often it was tried.</summary>
/// <param name="Status">401 or 403.</param>
/// <param name="Caller">The caller's name.</param>
/// <param name="Roles">The caller's roles, with commas.</param>
/// <param name="TenantId">The caller's tenant; null for none.</param>
/// <param name="Address">Where the request came from.</param>
/// <param name="Method">How it was asked.</param>
/// <param name="Path">What was asked for, as the route's template: what callers make up is not in it.</param>
internal sealed record Denial(int Status, string Caller, string Roles, string? TenantId, string? Address, string Method, string Path)
{
    /// <summary>Of what callers say of themselves, characters that are told; also as long as an event's tenant may be.</summary>
    private const int Longest = 128;

    /// <summary>Stands for all that were not told one by one.</summary>
    public static Denial Others { get; } = new(403, "(others)", "", null, null, "", "(others)");

    public static Denial Of(HttpContext context, string? template)
    {
        var caller = ServiceDefaults.Caller.Of(context.User);
        return new(
            context.Response.StatusCode, Cut(caller.Name), Cut(string.Join(',', caller.Roles)),
            // A tenant that no event can be of has no events.
            caller.TenantId is { Length: > 0 and <= Longest } tenant ? tenant : null,
            context.Connection.RemoteIpAddress?.ToString(), Cut(context.Request.Method), template ?? AuditStats.Unmatched);
    }

    private static string Cut(string text) => text.Length <= Longest ? text : text[..Longest];

    public OpsEvent ToEvent(long count, string service, DateTimeOffset first, DateTimeOffset last)
    {
        var payload = new JsonObject
        {
            ["service"] = service,
            ["status"] = Status,
            ["caller"] = Caller,
            ["roles"] = Roles,
            ["method"] = Method,
            ["path"] = Path,
            ["count"] = count,
            ["first_at"] = first.UtcDateTime,
            ["last_at"] = last.UtcDateTime,
        };
        if (Address is not null)
            payload["client_ip"] = Address;
        return new()
        {
            EventType = EventTypes.SecurityRbacDenied,
            Severity = Status == 403 ? Severities.Warning : Severities.Info,
            TenantId = TenantId ?? "default",
            Timestamp = last,
            Payload = payload,
        };
    }
}

/// <summary>Takes the events of denials; a service that stores events itself has its own.</summary>
public interface IDenialSink
{
    /// <summary>Takes one, without waiting.</summary>
    void Take(OpsEvent denial);
}
