using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ServiceDiscovery;

namespace Compat.Tests.ServiceDiscovery;

/// <summary>A client that tells where its requests would have gone.</summary>
internal sealed class DiscoveringClient : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly HttpClient _client;

    public DiscoveringClient(
        Dictionary<string, string?> settings,
        Action<ServiceDiscoveryOptions>? configure = null)
    {
        Configuration.AddInMemoryCollection(settings);
        _services = new ServiceCollection()
            .AddSingleton<IConfiguration>(Configuration)
            .AddServiceDiscovery(configure ?? (_ => { }))
            .AddHttpClient("discovering")
            .AddServiceDiscovery()
            .ConfigurePrimaryHttpMessageHandler(() => new Echo()).Services
            .BuildServiceProvider();
        _client = _services.GetRequiredService<IHttpClientFactory>().CreateClient("discovering");
    }

    public ConfigurationManager Configuration { get; } = new();

    public ServiceEndpointResolver Resolver => _services.GetRequiredService<ServiceEndpointResolver>();

    public Task<string> WhereAsync(string url) => _client.GetStringAsync(new Uri(url));

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _services.DisposeAsync();
        Configuration.Dispose();
    }

    private sealed class Echo : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new StringContent(request.RequestUri!.ToString()) });
    }
}
