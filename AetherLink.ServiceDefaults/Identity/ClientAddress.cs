using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

namespace AetherLink.ServiceDefaults;

/// <summary>
/// Where a request of the mesh began. A service that calls on behalf of a person says from where the person asked; it is believed
/// only beside a valid mesh token, and then the logs and the audit show the person's address instead of the service's.
/// </summary>
internal static class ClientAddress
{
    public const string Header = "X-Client-Address";

    /// <summary>A mesh token of the service that names the address, where the request's own token is a person's.</summary>
    public const string ProofHeader = "X-Client-Address-Token";

    /// <summary>What stands in a header of its own has to be asked for.</summary>
    public static void UseClientAddress(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (context.Request.Headers.ContainsKey(Header) && context.Request.Headers.ContainsKey(ProofHeader))
            await context.AuthenticateAsync(Schemes.Gateway);
        await next(context);
    });

    /// <summary>Takes the address over; the token of <paramref name="service"/> has been validated.</summary>
    public static void Take(HttpContext context, ClaimsPrincipal? service)
    {
        if (service?.Identity is { IsAuthenticated: true }
            && IPAddress.TryParse(context.Request.Headers[Header].ToString(), out var address))
        {
            context.Connection.RemoteIpAddress = address;
        }
    }
}
