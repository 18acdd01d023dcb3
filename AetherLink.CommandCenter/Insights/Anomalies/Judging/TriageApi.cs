using AetherLink.CommandCenter.Insights.Anomalies.Living;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AetherLink.CommandCenter.Insights.Anomalies.Judging;

internal static class TriageApi
{
    private static readonly string[] Sayable =
        [AnomalyState.Acknowledged.Name(), AnomalyState.Resolved.Name(), AnomalyState.FalsePositive.Name()];

    public static void MapTriaging(this RouteGroupBuilder anomalies) =>
        anomalies.MapPost("/{id:guid}/triage", SayAsync).WithName("TriageAnomaly")
            .WithSummary("Says of an anomaly that it is taken on, done, or none.").ProducesProblem(404).ProducesProblem(409);

    private static async Task<Results<Ok<TriageAnswer>, ProblemHttpResult>> SayAsync(
        Guid id, TriageBody body, Caller caller, Triaging triaging, CancellationToken cancellationToken)
    {
        var errors = new List<FieldError>();
        if (!Sayable.Contains(body.State))
        {
            errors.Add(new("state", $"must be {string.Join(", ", Sayable)}"));
        }
        if (Notes.Complaint(body.Note) is { } complaint)
        {
            errors.Add(complaint);
        }
        if (errors.Count > 0)
        {
            return Problems.Validation(errors);
        }
        if (await triaging.SayAsync(id, caller.TenantId, AnomalyStates.Parse(body.State)!.Value, caller.Name, body.Note, cancellationToken) is not { } said)
        {
            return Problems.NotFound($"Anomaly '{id}' not found");
        }
        return said.IsDone
            ? TypedResults.Ok(new TriageAnswer("ok", said.Incident))
            : Problems.Conflict($"Anomaly '{id}' is {said.Incident.State.Name()}: it cannot become {body.State}.");
    }
}
