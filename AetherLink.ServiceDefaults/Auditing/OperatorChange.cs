using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AetherLink.ServiceDefaults;

/// <summary>A change that a person made at a service, on its way into the operator audit of the Command Center.</summary>
public sealed record OperatorChange
{
    /// <summary>The same however often it is handed on: it is on record once.</summary>
    public required Guid Id { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who.</summary>
    public required string Actor { get; init; }

    /// <summary>Who, as the issuer knows the person, whatever they are called; null where no issuer knows them.</summary>
    public string? Subject { get; init; }

    /// <summary>In which roles.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>Whose thing was changed; null for everybody's.</summary>
    public string? TenantId { get; init; }

    /// <summary>What was done, such as <c>maintenance.opened</c>.</summary>
    public required string Action { get; init; }

    /// <summary>What it was done to.</summary>
    public required string Target { get; init; }

    /// <summary>As it was, without secrets; null when it was not there.</summary>
    public JsonObject? Before { get; init; }

    /// <summary>As it is now; null when it is gone.</summary>
    public JsonObject? After { get; init; }

    /// <summary>Where the request came from.</summary>
    public string? Address { get; init; }

    /// <summary>The request's trace.</summary>
    public string? TraceId { get; init; }

    /// <summary>A change by the request's caller.</summary>
    public static OperatorChange By(
        HttpContext request, DateTimeOffset at, string action, string target, JsonObject? before = null, JsonObject? after = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        var caller = Caller.Of(request.User);
        return new()
        {
            Id = Guid.CreateVersion7(at),
            At = at,
            Actor = caller.Name,
            Subject = caller.Subject,
            Roles = [.. caller.Roles.Order(StringComparer.Ordinal)],
            Action = action,
            Target = target,
            Before = before,
            After = after,
            Address = request.Connection.RemoteIpAddress?.ToString(),
            TraceId = Activity.Current?.TraceId.ToHexString(),
        };
    }
}

/// <summary>Hands changes on to the operator audit, through a spool: what it takes arrives, whatever dies in between.</summary>
public sealed class OperatorChanges
{
    private static readonly Dictionary<string, string> Headers = new(StringComparer.Ordinal) { ["type"] = "operator.change", ["version"] = "1" };

    private readonly SpooledTopic? _spool;
    private readonly ServiceIdentity _identity;

    internal OperatorChanges(SpooledTopic? spool, ServiceIdentity identity) => (_spool, _identity) = (spool, identity);

    /// <summary>False when the spool does not take it. Without Kafka there is no Command Center to tell, and nothing to wait for.</summary>
    public bool TryRecord(OperatorChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return _spool?.TryAppend(
            change.TenantId ?? "default",
            JsonSerializer.SerializeToUtf8Bytes(change, Json.Wire),
            new Dictionary<string, string>(Headers, StringComparer.Ordinal) { ["origin"] = _identity.Resource }) ?? true;
    }
}

/// <summary>For services at which people change things, beside the Command Center.</summary>
public static class OperatorChangeServices
{
    /// <summary>Adds <see cref="OperatorChanges"/>.</summary>
    public static WebApplicationBuilder AddOperatorChanges(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Configuration.GetConnectionString("kafka") is { Length: > 0 })
            builder.Services.AddSpooledTopic(Topics.OperatorAudit);
        builder.Services.AddSingleton(services => new OperatorChanges(
            services.GetKeyedService<SpooledTopic>(Topics.OperatorAudit), services.GetRequiredService<ServiceIdentity>()));
        return builder;
    }
}
