namespace AetherLink.ServiceDefaults;

/// <summary>Endpoints that machines ask.</summary>
public static class ProbeEndpoints
{
    /// <summary>Asked by machines, often: open, without a limit, and in the log under a category of their own while all is well.</summary>
    public static TBuilder AsProbe<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new ProbeEndpoint()).RequireAuthorization(Policies.Public).DisableRateLimiting();

    /// <summary>For an endpoint that was mapped without a method, and would answer to any.</summary>
    internal static TBuilder OnlyRead<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
}
