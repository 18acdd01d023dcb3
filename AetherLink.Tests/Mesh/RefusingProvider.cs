using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AetherLink.Tests.Mesh;

/// <summary>A provider of AI that takes no key, and says in its refusal which one it was given, as some gateways do.</summary>
internal sealed class RefusingProvider : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RefusingProvider(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    public static async Task<RefusingProvider> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.Map("/{**any}", (HttpRequest request) => Results.Json(
            new { type = "error", error = new { type = "authentication_error", message = $"invalid key: {KeyOf(request)}" } }, statusCode: 401));
        await app.StartAsync();
        return new(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static string KeyOf(HttpRequest request) => request.Headers["x-api-key"].FirstOrDefault() ?? request.Headers.Authorization.ToString();
}
