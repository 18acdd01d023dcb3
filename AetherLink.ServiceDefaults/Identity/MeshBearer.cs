using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace AetherLink.ServiceDefaults;

/// <summary>Accepts mesh tokens: as bearer, and as the gateway's proof.</summary>
internal static class MeshBearer
{
    public static AuthenticationBuilder AddMeshTokens(this AuthenticationBuilder schemes, string meshKey, string? previousKey, string audience) =>
        schemes
            .AddJwtBearer(Schemes.Mesh, options => Accept(options, meshKey, previousKey, audience))
            .AddJwtBearer(Schemes.Gateway, options =>
            {
                Accept(options, meshKey, previousKey, audience);
                options.Events.OnMessageReceived = context =>
                {
                    var headers = context.Request.Headers;
                    context.Token = (headers[Schemes.GatewayHeader].FirstOrDefault() ?? headers[ClientAddress.ProofHeader].FirstOrDefault())
                        is { Length: > 0 } token ? token : null;
                    // Without a token of its own the handler would look at the Authorization header.
                    if (context.Token is null)
                        context.NoResult();
                    return Task.CompletedTask;
                };
            });

    private static void Accept(JwtBearerOptions options, string meshKey, string? previousKey, string audience)
    {
        options.MapInboundClaims = false;
        options.TokenValidationParameters = MeshTokens.Validation(meshKey, audience, previousKey);
        options.Events = new()
        {
            OnTokenValidated = context =>
            {
                ClientAddress.Take(context.HttpContext, context.Principal);
                return Task.CompletedTask;
            },
            // Whatever a token makes of the library, it is no fault of ours.
            OnAuthenticationFailed = context =>
            {
                context.Fail(context.Exception);
                return Task.CompletedTask;
            },
        };
    }
}
