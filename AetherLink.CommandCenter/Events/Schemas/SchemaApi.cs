using System.Text.Json;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AetherLink.CommandCenter.Events.Schemas;

internal sealed record SchemaList(string Status, int Count, IReadOnlyList<EventSchema> Schemas);

internal static class SchemaApi
{
    public static void MapSchemas(this RouteGroupBuilder events)
    {
        var schemas = events.MapGroup("/schema");
        schemas.MapGet("", ListAsync).RequireAuthorization(Policies.ReadEvents)
            .WithName("EventSchemas").WithSummary("The event types, with their payloads' properties.");
        schemas.MapGet("/{event_type}", GetAsync).RequireAuthorization(Policies.ReadEvents)
            .WithName("EventSchema").WithSummary("One event type.").ProducesProblem(404);
        schemas.MapPost("", RegisterAsync).RequireAuthorization(Policies.Configure)
            .WithName("RegisterEventSchema").WithSummary("Registers a type, or a compatible new version of one.")
            .ProducesProblem(409).ProducesProblem(503);
    }

    private static Ok<SchemaList> ListAsync(SchemaRegistry registry)
    {
        var all = registry.Current.All;
        return TypedResults.Ok(new SchemaList("ok", all.Count, all));
    }

    private static async Task<Results<Ok<EventSchema>, ProblemHttpResult>> GetAsync(
        [FromRoute(Name = "event_type")] string eventType, SchemaRegistry registry, CancellationToken cancellationToken) =>
        (registry.Current.Find(eventType) ?? (await registry.RefreshAsync(cancellationToken)).Find(eventType)) is { } schema
            ? TypedResults.Ok(schema)
            : Problems.NotFound($"Unknown event_type '{eventType}'");

    private static async Task<Results<Created<EventSchema>, Ok<EventSchema>, ProblemHttpResult>> RegisterAsync(
        SchemaProposal proposal, Caller caller, SchemaStore store, SchemaRegistry registry, CancellationToken cancellationToken)
    {
        if (caller.TenantId is not null)
        {
            return Problems.Forbidden("event types are everybody's, and the caller is of one tenant.");
        }
        var (schema, errors) = ProposalCheck.Read(proposal);
        if (schema is null)
        {
            return Problems.Validation(errors);
        }
        var registration = await store.RegisterAsync(schema, caller.Name, cancellationToken);
        await registry.RefreshAsync(cancellationToken);
        return registration.Ruling switch
        {
            Ruling.Accepted => TypedResults.Created($"/events/schema/{schema.EventType}", registration.Schema!),
            Ruling.Unchanged => TypedResults.Ok(registration.Schema!),
            _ => Conflict(registration),
        };
    }

    /// <summary>The problem, with every incompatibility, and a payload that shows it.</summary>
    private static ProblemHttpResult Conflict(Registration registration)
    {
        var problem = Problems.Conflict(registration.Reason!);
        if (registration.Breakages.Count > 0)
        {
            problem.ProblemDetails.Extensions["current_version"] = registration.Schema!.Version;
            problem.ProblemDetails.Extensions["incompatibilities"] =
                JsonSerializer.SerializeToNode(registration.Breakages, EventsJson.Wire.IReadOnlyListBreakage);
        }
        return problem;
    }
}
