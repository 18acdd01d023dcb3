using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace AetherLink.ServiceDefaults;

/// <summary>Accepts mesh tokens: as bearer, and as the gateway's proof.</summary>
internal static class MeshBearer
{
    public static AuthenticationBuilder AddMeshTokens(this AuthenticationBuilder schemes, string meshKey, string audience) =>
        schemes
            .AddJwtBearer(Schemes.Mesh, options => Accept(options, meshKey, audience))
            .AddJwtBearer(Schemes.Gateway, options =>
            {
                Accept(options, meshKey, audience);
                options.Events = new()
                {
                    OnMessageReceived = context =>
                    {
                        context.Token = context.Request.Headers[Schemes.GatewayHeader].ToString() is { Length: > 0 } token
                            ? token
                            : null;
                        // Without a token of its own the handler would look at the Authorization header.
                        if (context.Token is null)
                            context.NoResult();
                        return Task.CompletedTask;
                    },
                };
            });

    private static void Accept(JwtBearerOptions options, string meshKey, string audience)
    {
        options.MapInboundClaims = false;
        options.TokenValidationParameters = MeshTokens.Validation(meshKey, audience);
    }
}
