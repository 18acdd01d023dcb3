using AetherLink.ServiceDefaults;
using AetherLink.Tests.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AetherLink.Tests.Access;

/// <summary>A class fixture: a service in Production that takes the tokens of an issuer.</summary>
public sealed class OidcApp : IAsyncLifetime
{
    internal TestIssuer Issuer { get; private set; } = null!;

    internal ToyApp App { get; private set; } = null!;

    internal SetClock Clock { get; } = new();

    public async Task InitializeAsync()
    {
        Issuer = await TestIssuer.StartAsync();
        App = await StartAsync(Issuer.Url);
    }

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        await Issuer.DisposeAsync();
    }

    internal static Task<ToyApp> StartAsync(string issuer, Action<WebApplicationBuilder>? add = null) => ToyApp.StartAsync(
        app => app.MapGet("/who", (Caller caller) => TypedResults.Ok(caller)).RequireAuthorization(Policies.ViewLeads),
        "Production",
        new() { ["Authentication:Authority"] = issuer, ["Authentication:RequireHttpsMetadata"] = "false" },
        add);
}
