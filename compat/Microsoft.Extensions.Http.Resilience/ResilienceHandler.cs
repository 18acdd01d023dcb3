using Polly;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Sends a request through a resilience pipeline.</summary>
public class ResilienceHandler : DelegatingHandler
{
    private readonly Func<HttpRequestMessage, ResiliencePipeline<HttpResponseMessage>> _pipelineOf;

    /// <summary>Sends each request through the pipeline that is chosen for it.</summary>
    public ResilienceHandler(Func<HttpRequestMessage, ResiliencePipeline<HttpResponseMessage>> pipelineProvider)
    {
        ArgumentNullException.ThrowIfNull(pipelineProvider);
        _pipelineOf = pipelineProvider;
    }

    /// <summary>Sends every request through this pipeline.</summary>
    public ResilienceHandler(ResiliencePipeline<HttpResponseMessage> pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        _pipelineOf = _ => pipeline;
    }

    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);

        // The request of an outer handler, or of the caller, may already be in a context: that one is used, and stays.
        var outer = request.GetResilienceContext();
        var context = outer ?? ResilienceContextPool.Shared.Get(cancellationToken);
        request.SetResilienceContext(context);
        context.SetRequestMessage(request);
        try
        {
            var outcome = await _pipelineOf(request).ExecuteOutcomeAsync(
                static async (context, state) => await state.Handler.AttemptAsync(context, state.Request)
                    .ConfigureAwait(context.ContinueOnCapturedContext),
                context,
                (Handler: this, Request: request)).ConfigureAwait(context.ContinueOnCapturedContext);
            outcome.ThrowIfException();
            return outcome.Result!;
        }
        finally
        {
            request.SetResilienceContext(outer);
            if (outer is null)
                ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<Outcome<HttpResponseMessage>> AttemptAsync(ResilienceContext context, HttpRequestMessage request)
    {
        // A strategy may have put another request, and another context, in place of the first.
        request = context.GetRequestMessage() ?? request;
        request.SetResilienceContext(context);
        try
        {
            return Outcome.FromResult(await base.SendAsync(request, context.CancellationToken)
                .ConfigureAwait(context.ContinueOnCapturedContext));
        }
        catch (Exception exception)
        {
            return Outcome.FromException<HttpResponseMessage>(exception);
        }
    }
}
