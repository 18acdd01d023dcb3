using System.Diagnostics;
using System.Text.Json;
using AetherLink.Orchestrator.Providers;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AetherLink.Orchestrator.Calls;

/// <summary>POST /orchestrate.</summary>
internal static class OrchestrateApi
{
    /// <summary>A spool that drains at all does so within seconds.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    public static void AddOrchestrate(this IServiceCollection services)
    {
        services.AddSpooledTopic(Topics.OrchestratorAudit);
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, CallsJson.Default));
        services.AddSingleton<CallTelemetry>();
        services.AddSingleton<CallAudit>();
        services.AddSingleton<Announcing>();
        services.AddSingleton<Orchestrating>();
    }

    public static void MapOrchestrate(this IEndpointRouteBuilder app) =>
        app.MapPost("/orchestrate", OrchestrateAsync)
            .WithName("Orchestrate").WithSummary("Answers an intent by the first provider of the chain that can.").WithTags("AI")
            .Accepts<OrchestrateRequest>("application/json")
            .Produces<AllFailedProblem>(StatusCodes.Status502BadGateway, "application/problem+json")
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .RequireAuthorization(Policies.RunAi);

    private static async Task<Results<Ok<OrchestrateAnswer>, JsonHttpResult<AllFailedProblem>, ProblemHttpResult, StatusCodeHttpResult>> OrchestrateAsync(
        [FromBody] JsonElement body,
        Caller caller,
        ProviderChains chains,
        Orchestrating orchestrating,
        CallAudit audit,
        Announcing announcing,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var (call, errors) = Call.Read(body, chains.Current.Settings.MaxTextChars);
        if (call is null) return Problems.Validation(errors);
        if (!caller.MaySee(call.Question.TenantId)) return Problems.Forbidden($"tenant {call.Question.TenantId} is not yours");
        if (!audit.IsOpen) return SpoolIsFull();

        var outcome = await orchestrating.RunAsync(call.Question, cancellationToken);
        var traceId = Activity.Current?.TraceId.ToString();
        var recorded = audit.TryRecord(new AuditRecord(
            Guid.CreateVersion7().ToString(), call.Question.TenantId, call.Question.Intent.Name, outcome.Outcome, outcome.Provider, outcome.Model,
            outcome.Tried, outcome.LatencyMs, outcome.OverheadMs, outcome.Usage, caller.Name, traceId, clock.GetUtcNow()));
        announcing.Announce(call, outcome);
        if (!recorded) return SpoolIsFull();
        return outcome.Outcome switch
        {
            Outcomes.Success => TypedResults.Ok(OrchestrateAnswer.Of(call, outcome)),
            // Nobody receives it; the request log shows it.
            Outcomes.Cancelled => TypedResults.StatusCode(StatusCodes.Status499ClientClosedRequest),
            _ => TypedResults.Json(
                AllFailedProblem.Of(AllFailedDetail.Of(call, outcome), traceId),
                contentType: "application/problem+json",
                statusCode: StatusCodes.Status502BadGateway),
        };
    }

    private static ProblemHttpResult SpoolIsFull() =>
        Problems.Unavailable("The audit spool is full, and no call goes unaudited. It drains once Kafka is back.", RetryAfter);
}
