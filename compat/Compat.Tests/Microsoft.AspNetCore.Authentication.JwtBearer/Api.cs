using System.Net.Http.Headers;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Compat.Tests.JwtBearer;

/// <summary>An API that tells its caller's claims.</summary>
internal sealed class Api(LoopbackServer server) : IAsyncDisposable
{
    public static async Task<Api> StartAsync(Action<JwtBearerOptions> configure) => new(await LoopbackServer.StartAsync(
        services =>
        {
            services.AddRouting();
            services.AddAuthorization();
            services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(configure);
        },
        application =>
        {
            application.MapGet("/me", (ClaimsPrincipal caller) => caller.Claims.Select(claim => $"{claim.Type}={claim.Value}"))
                .RequireAuthorization();
            application.MapGet("/operators", (ClaimsPrincipal caller) => caller.Identity!.Name)
                .RequireAuthorization(policy => policy.RequireRole("operator"));
        }));

    public static Task<Api> StartAsync(Issuer issuer, Action<JwtBearerOptions>? configure = null) => StartAsync(options =>
    {
        options.Authority = issuer.Url;
        options.RequireHttpsMetadata = false;
        options.Audience = "api";
        options.MapInboundClaims = false;
        options.TokenValidationParameters.RoleClaimType = "roles";
        options.TokenValidationParameters.NameClaimType = "sub";
        options.TokenValidationParameters.ClockSkew = TimeSpan.FromSeconds(30);
        configure?.Invoke(options);
    });

    public async Task<HttpResponseMessage> GetAsync(string? token, string path = "/me")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await server.Client.SendAsync(request);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
