using AetherLink.Tests.ServiceDefaults;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AetherLink.Tests.Mesh;

/// <summary>Every endpoint that any service maps names its policy: the routes are those of the services' own Program.cs.</summary>
public sealed class EveryEndpointHasAPolicyTests
{
    [Fact]
    public void Every_endpoint_of_the_Command_Center_has_a_named_policy() => Check<AetherLink.CommandCenter.Storage.CommandCenterDb>();

    [Fact]
    public void Every_endpoint_of_the_orchestrator_has_a_named_policy() => Check<AetherLink.Orchestrator.Local.LocalProvider>();

    [Fact]
    public void Every_endpoint_of_auto_heal_has_a_named_policy() => Check<AetherLink.AutoHeal.Healing.Fleet>();

    [Fact]
    public void Every_endpoint_of_the_web_has_a_named_policy() => Check<AetherLink.Web.Live.LiveHub>();

    /// <typeparam name="TOfService">Any type of the service's assembly: it tells whose Program.cs is run.</typeparam>
    private static void Check<TOfService>()
        where TOfService : class
    {
        using var service = new Service<TOfService>();

        Assert.NotEmpty(EndpointPolicies.Of(service.Services));
        Assert.Empty(EndpointPolicies.Lacking(service.Services));
    }

    /// <summary>The service with its routes and without its background work: nothing of it needs a database or a broker.</summary>
    private sealed class Service<TOfService> : WebApplicationFactory<TOfService>
        where TOfService : class
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder) => builder
            .UseEnvironment("Development")
            .UseSetting("MESH_KEY", new string('k', 48))
            .UseSetting("ConnectionStrings:aetherlink", "Host=localhost;Database=none")
            .UseSetting("ConnectionStrings:kafka", "localhost:1")
            .ConfigureServices(services => services.RemoveAll<IHostedService>());
    }
}
