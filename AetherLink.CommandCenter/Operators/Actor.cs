using System.Diagnostics;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Operators;

/// <summary>Who acts, and from where.</summary>
internal sealed record Actor(string Name, IReadOnlyList<string> Roles, string? TenantId, string? Address, string? TraceId, string? Subject = null);

/// <summary>Who acts now: the request's caller, or this service itself in its own loops.</summary>
internal sealed class Actors(IHttpContextAccessor requests, ServiceIdentity identity)
{
    public Actor Current
    {
        get
        {
            var trace = Activity.Current?.TraceId.ToHexString();
            if (requests.HttpContext is not { } request)
            {
                return new(identity.Resource, [Roles.Service], null, null, trace);
            }
            var caller = Caller.Of(request.User);
            return new(
                caller.Name, [.. caller.Roles.Order(StringComparer.Ordinal)], caller.TenantId, request.Connection.RemoteIpAddress?.ToString(), trace,
                caller.Subject);
        }
    }
}
