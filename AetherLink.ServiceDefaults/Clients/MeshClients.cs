namespace AetherLink.ServiceDefaults;

/// <summary>Clients of the other services, by resource name.</summary>
public static class MeshClients
{
    /// <summary>The name of the probe client.</summary>
    public const string Probe = "probe";

    /// <summary>
    /// A client named after the resource it calls: found by service discovery, with a mesh token of these scopes, retried
    /// where that is safe.
    /// </summary>
    public static IHttpClientBuilder AddMeshClient(this IServiceCollection services, string resource, params string[] scopes) =>
        services.AddHttpClient(resource, client => client.BaseAddress = Address(resource)).WithMeshToken(resource, scopes);

    /// <summary>A client for streams: nothing retries it and nothing ends it but the caller.</summary>
    public static IHttpClientBuilder AddMeshStreamClient(
        this IServiceCollection services, string name, string resource, params string[] scopes) =>
        services
            .AddHttpClient(name, client =>
            {
                client.BaseAddress = Address(resource);
                client.Timeout = Timeout.InfiniteTimeSpan;
            })
            .Bare()
            .WithMeshToken(resource, scopes);

    /// <summary>The client that asks whether something is well: no token, no retry; a redirect is an answer.</summary>
    public static IHttpClientBuilder AddMeshProbeClient(this IServiceCollection services) =>
        services
            .AddHttpClient(Probe, client => client.DefaultRequestHeaders.UserAgent.ParseAdd(RequestAudit.ProbeAgent))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false }.WithoutMetrics())
            .Bare();

    private static Uri Address(string resource) => new($"http://{resource}");

    /// <summary>Without the resilience that every client has by default.</summary>
    public static IHttpClientBuilder Bare(this IHttpClientBuilder client) =>
#pragma warning disable EXTEXP0001 // The one way to undo a default of all clients; service discovery, another one, has to stay.
        client.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001

    private static IHttpClientBuilder WithMeshToken(this IHttpClientBuilder client, string audience, string[] scopes) =>
        client.AddHttpMessageHandler(services => new MeshTokenHandler(
            services.GetRequiredService<MeshTokens>(), services.GetRequiredService<IHttpContextAccessor>(), audience, scopes));
}
