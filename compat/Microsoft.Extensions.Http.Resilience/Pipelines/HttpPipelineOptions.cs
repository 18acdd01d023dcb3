using Polly;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>How the pipeline of this name is built.</summary>
internal sealed class HttpPipelineOptions
{
    public Action<ResiliencePipelineBuilder<HttpResponseMessage>, ResilienceHandlerContext>? Configure { get; set; }
}
