using System.Text.Json.Serialization;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AetherLink.AppHost.MeshControl;

/// <summary>Lists and commands the mesh's project resources and its Postgres; nothing else of the application can be reached through it.</summary>
internal static class MeshControlApi
{
    public static void MapMeshControl(this IEndpointRouteBuilder routes, TokenValidationParameters validation)
    {
        var resources = routes.MapGroup("/resources").AddEndpointFilter((context, next) =>
            Refusal(context.HttpContext.Request, validation) is { } status ? Refuse(status) : next(context));
        resources.MapGet("/", List);
        resources.MapPost("/{name}/{command}", CommandAsync);
    }

    private static Ok<ResourceList> List(DistributedApplicationModel model, ResourceNotificationService notifications) =>
        TypedResults.Ok(new ResourceList([.. Restartable(model).Select(resource => State(resource, notifications))]));

    private static async Task<Results<Ok<CommandResult>, ProblemHttpResult>> CommandAsync(
        string name, string command, DistributedApplicationModel model, ResourceCommandService commands, IHostApplicationLifetime lifetime)
    {
        var known = command switch
        {
            "start" => KnownResourceCommands.StartCommand,
            "stop" => KnownResourceCommands.StopCommand,
            "restart" => KnownResourceCommands.RestartCommand,
            _ => null,
        };
        if (known is null)
        {
            return TypedResults.Problem($"Unknown command '{command}'. Known: start, stop, restart.", statusCode: StatusCodes.Status404NotFound);
        }

        var resource = Restartable(model).FirstOrDefault(one => one.Name == name);
        if (resource is null)
        {
            return TypedResults.Problem($"Unknown resource '{name}'.", statusCode: StatusCodes.Status404NotFound);
        }

        // Carried through also when the caller is gone: a restart that ended with its stop would look like a person's wish.
        var result = await commands.ExecuteCommandAsync(resource, known, lifetime.ApplicationStopping);
        return result.Success
            ? TypedResults.Ok(new CommandResult(name, command, true))
            : TypedResults.Problem(
                result.Message ?? $"'{command}' of '{name}' failed.", statusCode: StatusCodes.Status409Conflict);
    }

    private static IEnumerable<IResource> Restartable(DistributedApplicationModel model) =>
        model.Resources.Where(resource => resource is ProjectResource or PostgresServerResource);

    private static ResourceState State(IResource resource, ResourceNotificationService notifications)
    {
        var snapshot = notifications.TryGetCurrentState(resource.Name, out var current) ? current!.Snapshot : null;
        return new ResourceState(
            resource.Name, snapshot?.State?.Text ?? "Unknown", snapshot?.HealthStatus?.ToString(), snapshot?.ExitCode);
    }

    /// <summary>Null for whoever may.</summary>
    private static int? Refusal(HttpRequest request, TokenValidationParameters validation)
    {
        const string Scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return StatusCodes.Status401Unauthorized;
        }

        var result = new JsonWebTokenHandler().ValidateToken(header[Scheme.Length..], validation);
        if (!result.IsValid)
        {
            return StatusCodes.Status401Unauthorized;
        }
        return result.ClaimsIdentity.FindAll("scope").SelectMany(claim => claim.Value.Split(' ')).Contains(Scopes.MeshControl)
            ? null
            : StatusCodes.Status403Forbidden;
    }

    private static ValueTask<object?> Refuse(int status) => ValueTask.FromResult<object?>(TypedResults.Problem(
        "A mesh token with the scope mesh.control is needed.", statusCode: status));
}

internal sealed record ResourceList(IReadOnlyList<ResourceState> Resources);

internal sealed record ResourceState(
    string Name, string State, string? Health, [property: JsonPropertyName("exit_code")] int? ExitCode);

internal sealed record CommandResult(string Name, string Command, bool Success);
