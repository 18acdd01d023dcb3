using System.Text;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Mvc;

namespace AetherLink.Web.Forwarding;

internal static class Forwarding
{
    /// <summary>A service of the same mesh accepts at once or is not there.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    public static void AddForwarding(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Forwarder>();
        builder.Services.AddTransient<PersonToken>();
        // Not the retrying client: whether to ask again is the browser's decision, and a POST is not asked twice.
        foreach (var service in ForwardedRoute.Services)
            builder.Services.AddMeshStreamClient(ClientFor(service), service)
                .AddHttpMessageHandler<PersonToken>()
                .UseSocketsHttpHandler((handler, _) =>
                {
                    handler.AllowAutoRedirect = false;
                    handler.UseCookies = false;
                    handler.ConnectTimeout = ConnectTimeout;
                    // People have names that are not ASCII.
                    handler.RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8;
                });
    }

    public static void MapForwarding(this IEndpointRouteBuilder app)
    {
        foreach (var route in ForwardedRoute.All)
        {
            var endpoint = app.MapMethods(route.Pattern, [route.Method], (HttpContext context, Forwarder forwarder) =>
                    forwarder.ForwardAsync(context, route))
                .RequireAuthorization(route.Policy)
                // The service's own document describes it.
                .ExcludeFromDescription();
            if (route.BodyBytes is { } limit)
                endpoint.WithMetadata(new RequestSizeLimitAttribute(limit));
        }

        // Also what is in the list under another method: no answer here says what a service has.
        app.Map("/api/{**rest}", () => Problems.NotFound("There is no such path here."))
            .RequireAuthorization(Policies.Public)
            .ExcludeFromDescription();
    }

    public static string ClientFor(string service) => $"forward-{service}";
}
