using Microsoft.Extensions.Http.Resilience;

namespace AetherLink.ServiceDefaults;

internal static class ClientDefaults
{
    /// <summary>Every client finds resources by their names, and tries again where that is safe.</summary>
    public static void AddClients(this IServiceCollection services)
    {
        services.AddServiceDiscovery();
        services.ConfigureHttpClientDefaults(client =>
        {
            // A POST that was not answered may have been done: only its caller knows whether to repeat it.
            client.AddStandardResilienceHandler(options => options.Retry.DisableForUnsafeHttpMethods());
            client.AddServiceDiscovery();
        });
    }
}
