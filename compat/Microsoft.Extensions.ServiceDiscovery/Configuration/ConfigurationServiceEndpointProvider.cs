using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>
/// Endpoints from the configuration. Aspire gives a service the variable <c>services__catalog__https__0</c>, which is
/// <c>Services:catalog:https:0</c> here: the service, the endpoint's name (its scheme, if it has no other), a number.
/// </summary>
internal sealed class ConfigurationServiceEndpointProvider : IServiceEndpointProvider
{
    private readonly ServiceEndpointQuery _query;
    private readonly IConfiguration _configuration;
    private readonly string _root;
    private readonly bool _allSchemes;
    private readonly string[] _schemes;

    public ConfigurationServiceEndpointProvider(
        ServiceEndpointQuery query,
        IConfiguration configuration,
        ConfigurationServiceEndpointProviderOptions options,
        ServiceDiscoveryOptions discovery)
    {
        _query = query;
        _configuration = configuration;
        _root = options.SectionName;
        _allSchemes = discovery.AllowAllSchemes && query.IncludedSchemes.Count == 0;
        _schemes = [.. discovery.ApplyAllowedSchemes(query.IncludedSchemes)];
    }

    public ValueTask PopulateAsync(IServiceEndpointBuilder endpoints, CancellationToken cancellationToken)
    {
        // The first provider that knows the service decides.
        if (endpoints.Endpoints.Count != 0)
            return default;

        // A service that is not configured now may be after a reload.
        var service = _configuration.GetSection(_root).GetSection(_query.ServiceName);
        endpoints.AddChangeToken(service.GetReloadToken());

        foreach (var endpoint in Wanted(SectionOf(service) is { } section ? Read(section) : []))
            endpoints.Endpoints.Add(endpoint);
        return default;
    }

    public ValueTask DisposeAsync() => default;

    public override string ToString() => "Configuration";

    /// <summary>The named endpoint's section; without a name, the first of: default, the schemes in their order.</summary>
    private IConfigurationSection? SectionOf(IConfigurationSection service)
    {
        IEnumerable<string> names = string.IsNullOrWhiteSpace(_query.EndpointName)
            ? ["default", .. _schemes]
            : [_query.EndpointName];
        return names.Select(service.GetSection).FirstOrDefault(section => section.Exists());
    }

    private List<ServiceEndpoint> Read(IConfigurationSection section)
    {
        if (!string.IsNullOrWhiteSpace(section.Value))
            return [Parse(section)];

        return section.GetChildren().Select(child => int.TryParse(child.Key, CultureInfo.InvariantCulture, out _)
            ? Parse(child)
            : throw new KeyNotFoundException(
                $"The endpoints of the service '{_query.ServiceName}' at '{section.Path}' have a key that is no number: '{child.Key}'."))
            .ToList();
    }

    private ServiceEndpoint Parse(IConfigurationSection section)
    {
        if (!ServiceEndpoint.TryParse(section.Value, out var endpoint))
            throw new KeyNotFoundException(
                $"The endpoint of the service '{_query.ServiceName}' at '{section.Path}' is no address.");
        endpoint.Features.Set<IServiceEndpointProvider>(this);
        return endpoint;
    }

    /// <summary>Of the URLs only those with the most wanted scheme that there is; an address without a scheme always.</summary>
    private IEnumerable<ServiceEndpoint> Wanted(List<ServiceEndpoint> endpoints)
    {
        if (_allSchemes)
            return endpoints;

        var best = endpoints.Select(RankOf).Where(rank => rank >= 0).DefaultIfEmpty(-1).Min();
        return endpoints.Where(endpoint => endpoint.EndPoint is not UriEndPoint || (best >= 0 && RankOf(endpoint) == best));
    }

    private int RankOf(ServiceEndpoint endpoint) =>
        endpoint.EndPoint is UriEndPoint url ? Array.IndexOf(_schemes, url.Uri.Scheme) : -1;
}
