using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Authentication;

namespace AetherLink.ServiceDefaults;

/// <summary>Counts the roles headers that grant nothing: somebody who sends them outside of Development is trying something, or is misconfigured.</summary>
internal sealed class IgnoredHeaders(RequestDelegate next, IMeterFactory meters)
{
    public const string Counter = "aetherlink_roles_headers_ignored";

    private readonly Counter<long> _ignored = meters.Create(Telemetry.MeterName)
        .CreateCounter<long>(Counter, description: "Requests whose X-User-Roles header granted nothing.");

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Headers.ContainsKey(RolesHeader.Name)
            && context.User.Identity?.AuthenticationType != Schemes.Header
            && (await context.AuthenticateAsync()).Failure is not MalformedRolesException)
        {
            _ignored.Add(1);
        }
        await next(context);
    }
}
