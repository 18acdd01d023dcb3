using Microsoft.Extensions.Options;
using Polly;
using Polly.Registry;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>
/// The application's HTTP pipelines. They outlive the handlers that use them, which the client factory renews: an open
/// circuit stays open.
/// </summary>
internal sealed class HttpPipelines(IServiceProvider services, IOptionsMonitor<HttpPipelineOptions> options)
    : IAsyncDisposable, IDisposable
{
    private readonly ResiliencePipelineRegistry<string> _registry = new(new ResiliencePipelineRegistryOptions<string>
    {
        BuilderNameFormatter = name => name,
    });

    public ResiliencePipeline<HttpResponseMessage> Get(string name) =>
        _registry.GetOrAddPipeline<HttpResponseMessage>(name, (builder, context) =>
            options.Get(name).Configure?.Invoke(builder, new ResilienceHandlerContext(services, context)));

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    public void Dispose() => _registry.Dispose();
}
