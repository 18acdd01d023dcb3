using AetherLink.Tests.ServiceDefaults;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AetherLink.Tests.Mesh;

/// <summary>Every endpoint that any service maps names its policy: the routes are taken from the services' own Program.cs.</summary>
public sealed class EveryEndpointHasAPolicyTests
{
    [Fact]
    public void Of_the_Command_Center() => Check<AetherLink.CommandCenter.Marker>();

    [Fact]
    public void Of_the_orchestrator() => Check<AetherLink.Orchestrator.Marker>();

    [Fact]
    public void Of_auto_heal() => Check<AetherLink.AutoHeal.Marker>();

    [Fact]
    public void Of_the_web() => Check<AetherLink.Web.Marker>();

    private static void Check<TMarker>()
        where TMarker : class
    {
        using var service = new Service<TMarker>();

        var (mapped, withoutPolicy) = (EndpointPolicies.Count(service.Services), EndpointPolicies.Of(service.Services));

        Assert.NotEqual(0, mapped);
        Assert.Empty(withoutPolicy);
    }

    /// <summary>The service with its routes and without its background work: nothing of it needs a database or a broker.</summary>
    private sealed class Service<TMarker> : WebApplicationFactory<TMarker>
        where TMarker : class
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder) => builder
            .UseEnvironment("Development")
            .UseSetting("MESH_KEY", new string('k', 48))
            .UseSetting("ConnectionStrings:aetherlink", "Host=localhost;Database=none")
            .UseSetting("ConnectionStrings:kafka", "localhost:1")
            .ConfigureServices(services => services.RemoveAll<IHostedService>());
    }
}
