using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;

namespace AetherLink.Orchestrator.Calls;

/// <summary>POST /orchestrate, and the same as a stream.</summary>
internal static class OrchestrateApi
{
    public static void AddOrchestrate(this IServiceCollection services)
    {
        services.AddSpooledTopic(Topics.OrchestratorAudit);
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, CallsJson.Default));
        services.Configure<OpenApiOptions>("v1", CallDocument.Describe);
        services.AddSingleton<CallTelemetry>();
        services.AddSingleton<CallAudit>();
        services.AddSingleton<Marking>();
        services.AddKeyedSingleton<ISpoolFollower, CallEvents>(Topics.OrchestratorAudit);
        services.AddSingleton<Asking>();
        services.AddSingleton<HedgedAsking>();
        services.AddSingleton<Orchestrating>();
        services.AddSingleton<Calling>();
        services.AddSingleton(provider => new LastCalls(provider.GetRequiredService<IHostApplicationLifetime>()));
    }

    public static void MapOrchestrate(this IEndpointRouteBuilder app)
    {
        var calls = app.MapGroup("").WithTags("AI").RequireAuthorization(Policies.RunAi);
        calls.MapPost("/orchestrate", OrchestrateAsync)
            .WithName("Orchestrate").WithSummary("Answers an intent by the first provider of the chain that can.")
            .Accepts<OrchestrateRequest>("application/json")
            .Produces<AllFailedProblem>(StatusCodes.Status502BadGateway, "application/problem+json")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        calls.MapPost("/orchestrate/stream", StreamingCalls.StreamAsync)
            .WithName("OrchestrateStream").WithSummary("The same, as server-sent events: the text as it is written, then done or error.")
            .Accepts<OrchestrateRequest>("application/json")
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<Results<WholeJson<OrchestrateAnswer>, JsonHttpResult<AllFailedProblem>, ProblemHttpResult, StatusCodeHttpResult>> OrchestrateAsync(
        CallBody body, Caller caller, Calling calling, CancellationToken cancellationToken)
    {
        var (call, refusal) = calling.Admit(body.Json, caller);
        if (call is null) return refusal!;
        var outcome = await calling.RunAsync(call, caller, pieces: null, cancellationToken);
        return outcome?.Outcome switch
        {
            null => Calling.SpoolIsFull(),
            Outcomes.Rejected => outcome.Rejection!.Problem(),
            Outcomes.Success => new WholeJson<OrchestrateAnswer>(OrchestrateAnswer.Of(call, outcome), CallsJson.Wire.OrchestrateAnswer),
            Outcomes.Cancelled when !cancellationToken.IsCancellationRequested => Calling.IsStopping(),
            // Nobody receives it; the request log shows it.
            Outcomes.Cancelled => TypedResults.StatusCode(StatusCodes.Status499ClientClosedRequest),
            _ => TypedResults.Json(
                AllFailedProblem.Of(AllFailedDetail.Of(call, outcome), Calling.TraceId),
                contentType: "application/problem+json",
                statusCode: StatusCodes.Status502BadGateway),
        };
    }
}
