using System.Collections.Concurrent;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AetherLink.Tests.AutoHeal;

/// <summary>Mesh control over fake services, as the AppHost has it, on a real port.</summary>
internal sealed class FakeMesh : IAsyncDisposable
{
    public const string Key = "a mesh key of the tests, long enough for HS256";

    private readonly WebApplication _app;
    private readonly Dictionary<string, FakeService> _services;

    private FakeMesh(WebApplication app, IEnumerable<FakeService> services) =>
        (_app, _services) = (app, services.ToDictionary(service => service.Name));

    public string Url => _app.Urls.First();

    /// <summary>Every command, in order, as "start orchestrator".</summary>
    public ConcurrentQueue<string> Commands { get; } = new();

    /// <summary>Whether a command brings a service back to life.</summary>
    public bool Revives { get; set; } = true;

    /// <summary>Whether commands are refused.</summary>
    public bool Refuses { get; set; }

    /// <summary>What a command waits for, when it is to take its time.</summary>
    public TaskCompletionSource? Holds { get; set; }

    public FakeService this[string name] => _services[name];

    public IEnumerable<FakeService> Services => _services.Values;

    public static async Task<FakeMesh> StartAsync(params string[] names)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var mesh = new FakeMesh(app, await Task.WhenAll(names.Select(FakeService.StartAsync)));
        app.Use(mesh.CheckTokenAsync);
        app.MapGet("/resources", mesh.List);
        app.MapPost("/resources/{name}/{command}", mesh.CommandAsync);
        await app.StartAsync();
        return mesh;
    }

    public async ValueTask DisposeAsync()
    {
        Holds?.TrySetResult();
        await _app.DisposeAsync();
        foreach (var service in Services)
            await service.DisposeAsync();
    }

    private async Task CheckTokenAsync(HttpContext context, RequestDelegate next)
    {
        var token = context.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);
        var result = new JsonWebTokenHandler().ValidateToken(token, MeshTokens.Validation(Key, "mesh-control"));
        if (result.IsValid && result.ClaimsIdentity.HasClaim("scope", Scopes.MeshControl))
            await next(context);
        else
            context.Response.StatusCode = 401;
    }

    private IResult List() => Results.Json(new
    {
        resources = _services.Values.Select(service => new
        {
            name = service.Name,
            state = service.State,
            health = service.Answer == 200 ? "Healthy" : "Unhealthy",
            exit_code = service.ExitCode,
        }),
    });

    private async Task<IResult> CommandAsync(string name, string command)
    {
        if (!_services.TryGetValue(name, out var service))
            return Results.Problem(statusCode: 404);
        Commands.Enqueue($"{command} {name}");
        if (Holds is { } holds)
            await holds.Task;
        if (Refuses || command == "start" == (service.State == "Running"))
            return Results.Problem(detail: $"'{command}' of '{name}' failed.", statusCode: 409);
        if (Revives)
            service.Revive();
        return Results.Json(new { name, command, success = true });
    }
}
