using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AetherLink.ServiceDefaults;

/// <summary>
/// People by the headers <c>X-User-Roles</c>, <c>X-Tenant-ID</c> and <c>X-User-Name</c>: in Development from anybody, and
/// everywhere from the gateway, which proves itself by a mesh token of its own. Elsewhere a bare header grants nothing.
/// </summary>
internal sealed class HeaderIdentity(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IHostEnvironment environment)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!Request.Headers.TryGetValue(RolesHeader.Name, out var values) || !await MayBeBelievedAsync())
            return AuthenticateResult.NoResult();
        if (RolesHeader.Parse(values.ToString()) is not { } roles)
            return AuthenticateResult.Fail(new MalformedRolesException());

        var claims = roles.Select(role => new Claim(CallerClaims.Role, role)).ToList();
        claims.Add(new(CallerClaims.Name, Header(RolesHeader.User) ?? "header"));
        if (Header(RolesHeader.Tenant) is { } tenant)
            claims.Add(new(CallerClaims.Tenant, tenant));
        var identity = new ClaimsIdentity(claims, Scheme.Name, CallerClaims.Name, CallerClaims.Role);
        return AuthenticateResult.Success(new(new(identity), Scheme.Name));
    }

    private async Task<bool> MayBeBelievedAsync()
    {
        // Making a scheme's handler for a token that is not there would be paid by every request.
        if (!Request.Headers.ContainsKey(Schemes.GatewayHeader) && !Request.Headers.ContainsKey(ClientAddress.ProofHeader))
            return environment.IsDevelopment();
        var gateway = await Context.AuthenticateAsync(Schemes.Gateway);
        return environment.IsDevelopment()
            || (gateway.Succeeded
                && gateway.Principal.HasClaim(CallerClaims.Role, Roles.Service)
                && gateway.Principal.HasClaim("iss", Schemes.GatewayResource));
    }

    private string? Header(string name) => Request.Headers[name].ToString().Trim() is { Length: > 0 } value ? value : null;
}

/// <summary>A roles header that starts as an array and is none.</summary>
internal sealed class MalformedRolesException()
    : Exception($"{RolesHeader.Name} is neither a comma list nor a JSON array of strings.");
