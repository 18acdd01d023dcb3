using AetherLink.ServiceDefaults;
using AetherLink.Web.Live;
using AetherLink.Web.SigningIn;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.Options;

namespace AetherLink.Web.Sessions;

/// <summary>What a page is told about who looks at it.</summary>
internal sealed class SessionDescription(
    IAntiforgery antiForgery, IHostEnvironment environment, IConfiguration configuration, IOptions<DevelopmentSignInOptions> options,
    LiveHub hub, Issuer? issuer = null)
{
    public static readonly string[] People = [Roles.Viewer, Roles.Agent, Roles.Operator, Roles.Admin];

    public async Task<Session> OfAsync(HttpContext context)
    {
        var signedIn = context.User.Identity is { IsAuthenticated: true };
        var caller = Caller.Of(context.User);
        return new(
            signedIn,
            signedIn ? caller.Name : null,
            caller.Roles,
            caller.TenantId,
            antiForgery.GetAndStoreTokens(context).RequestToken!,
            environment.IsDevelopment() && issuer is null ? new(People, options.Value.Tenants) : null,
            // Who is in need not wait for whoever lets others in.
            issuer is null ? null : new(signedIn || await issuer.IsThereAsync(context.RequestAborted)),
            configuration.GetValue("RBAC_ENABLED", true),
            // It counts the events of all tenants: for those alone who may listen to them.
            caller.Roles.Any(role => role is Roles.Operator or Roles.Admin) ? hub.Position : null,
            SignOutUrl: null);
    }
}
