using System.Text.Json.Nodes;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Announcing;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AetherLink.CommandCenter.Mesh;

internal static class CatalogueApi
{
    public static void MapCatalogue(this RouteGroupBuilder ops)
    {
        ops.MapGet("/services", ListAsync).RequireAuthorization(Policies.ReadMesh)
            .WithName("Services").WithSummary("Every service that is known.");
        ops.MapPost("/register", RegisterAsync).RequireAuthorization(Policies.ViewOps)
            .WithName("RegisterService").WithSummary("Takes or renews the lease of a service outside the mesh.")
            .ProducesProblem(400).ProducesProblem(409);
        ops.MapDelete("/services/{name}", UnregisterAsync).RequireAuthorization(Policies.ViewOps)
            .WithName("UnregisterService").WithSummary("Ends the lease of a service outside the mesh.")
            .ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<Ok<ServiceList>> ListAsync(Catalogue catalogue, HealthBoard board, CancellationToken cancellationToken)
    {
        var services = await catalogue.ReadAsync(cancellationToken);
        return TypedResults.Ok(new ServiceList("ok", services.Count, [.. services.Select(board.Completed)]));
    }

    private static async Task<Results<Ok<Registered>, ProblemHttpResult>> RegisterAsync(
        Registration registration, Catalogue catalogue, Announcer announcer, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (service, errors) = RegistrationCheck.Read(registration, clock.GetUtcNow());
        if (service is null)
        {
            return Problems.Validation(errors);
        }
        // Otherwise anyone could put a dead URL under a name that the healer restarts.
        if (catalogue.IsOfTheMesh(service.Name))
        {
            return Problems.Conflict($"'{service.Name}' is a service of the mesh itself.");
        }
        if (await catalogue.RegisterAsync(service, cancellationToken))
        {
            announcer.Announce(EventTypes.ServiceRegistered, Severity.Info, new JsonObject
            {
                ["name"] = service.Name,
                ["url"] = service.Url,
                ["health_url"] = service.HealthUrl,
                ["version"] = service.Version,
            });
        }
        var services = await catalogue.ReadAsync(cancellationToken);
        return TypedResults.Ok(new Registered("ok", service.Name, services.Count));
    }

    private static async Task<Results<Ok<Unregistered>, ProblemHttpResult>> UnregisterAsync(
        string name, Catalogue catalogue, Announcer announcer, CancellationToken cancellationToken)
    {
        if (catalogue.IsOfTheMesh(name))
        {
            return Problems.Conflict($"'{name}' is a service of the mesh itself.");
        }
        if (await catalogue.UnregisterAsync(name, cancellationToken) is not { } removed)
        {
            return Problems.NotFound($"Service '{name}' not found");
        }
        announcer.Announce(EventTypes.ServiceUnregistered, Severity.Info, new JsonObject
        {
            ["name"] = removed.Name,
            ["url"] = removed.Url,
            ["reason"] = "It was removed by hand.",
        });
        var services = await catalogue.ReadAsync(cancellationToken);
        return TypedResults.Ok(new Unregistered("ok", name, services.Count));
    }
}
