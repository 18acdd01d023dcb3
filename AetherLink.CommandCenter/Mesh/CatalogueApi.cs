using AetherLink.CommandCenter.Events.Querying;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AetherLink.CommandCenter.Mesh;

internal static class CatalogueApi
{
    public static void MapCatalogue(this RouteGroupBuilder ops)
    {
        ops.MapGet("/services", ListAsync).RequireAuthorization(Policies.ReadMesh)
            .WithName("Services").WithSummary("Every service that is known, by name and by page.").ProducesProblem(503);
        ops.MapPost("/register", RegisterAsync).RequireAuthorization(Policies.ViewOps)
            .WithName("RegisterService").WithSummary("Takes or renews the lease of a service outside the mesh.")
            .ProducesProblem(409).ProducesProblem(503);
        ops.MapDelete("/services/{name}", UnregisterAsync).RequireAuthorization(Policies.ViewOps)
            .WithName("UnregisterService").WithSummary("Ends the lease of a service outside the mesh.")
            .ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
    }

    private static async Task<Results<Ok<ServiceList>, ProblemHttpResult>> ListAsync(
        int? limit, string? cursor, Catalogue catalogue, HealthBoard board, CancellationToken cancellationToken)
    {
        var check = new QueryCheck();
        var (most, after) = (check.LimitOfNames(limit), check.After(cursor));
        if (check.Errors.Count > 0)
        {
            return Problems.Validation(check.Errors);
        }
        // All of them are read, which are bounded: the services of the mesh are in no table, and have their places among the others.
        var rest = (await catalogue.ReadAsync(cancellationToken))
            .Where(service => string.CompareOrdinal(service.Name, after) > 0)
            .OrderBy(service => service.Name, StringComparer.Ordinal).Take(most + 1).ToList();
        var page = rest.Take(most).ToList();
        return TypedResults.Ok(new ServiceList(
            "ok", page.Count, rest.Count > most ? NameCursor.Of(page[^1].Name) : null, [.. page.Select(board.Completed)]));
    }

    private static async Task<Results<Ok<Registered>, ProblemHttpResult>> RegisterAsync(
        Registration registration, Caller caller, Catalogue catalogue, Registrations registrations, CancellationToken cancellationToken)
    {
        if (caller.TenantId is not null)
        {
            return NotTheirs();
        }
        var (service, errors) = RegistrationCheck.Read(registration);
        if (service is null)
        {
            return Problems.Validation(errors);
        }
        // Otherwise anyone could put a dead URL under a name that the healer restarts.
        if (catalogue.IsOfTheMesh(service.Name))
        {
            return Problems.Conflict($"'{service.Name}' is a service of the mesh itself.");
        }
        if (!await registrations.RegisterAsync(service, cancellationToken))
        {
            return Problems.Conflict($"There are {Registrations.Most} registered services, which is the most.");
        }
        var services = await catalogue.ReadAsync(cancellationToken);
        return TypedResults.Ok(new Registered("ok", service.Name, services.Count));
    }

    private static async Task<Results<Ok<Unregistered>, ProblemHttpResult>> UnregisterAsync(
        string name, Caller caller, Catalogue catalogue, Registrations registrations, CancellationToken cancellationToken)
    {
        if (caller.TenantId is not null)
        {
            return NotTheirs();
        }
        if (catalogue.IsOfTheMesh(name))
        {
            return Problems.Conflict($"'{name}' is a service of the mesh itself.");
        }
        if (!await registrations.UnregisterAsync(name, cancellationToken))
        {
            return Problems.NotFound($"Service '{name}' not found");
        }
        var services = await catalogue.ReadAsync(cancellationToken);
        return TypedResults.Ok(new Unregistered("ok", name, services.Count));
    }

    private static ProblemHttpResult NotTheirs() => Problems.Forbidden("services are everybody's, and the caller is of one tenant.");
}
