using System.Security.Claims;
using AetherLink.ServiceDefaults;
using AetherLink.Web.SigningIn;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AetherLink.Web.Sessions;

internal static class SessionApi
{
    private const int LongestName = 80;

    /// <summary>An issuer that was away is asked again about as often.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    public static void MapSessions(this WebApplication app)
    {
        var session = app.MapGroup("/api/session").WithTags("Session").RequireAuthorization(Policies.Public);
        session.MapGet("", GetAsync).WithName("GetSession").WithSummary("Who is signed in.");
        session.MapDelete("", SignOutAsync).WithName("SignOut").WithSummary("Ends the session.").ProducesProblem(400).ProducesProblem(403);
        // Elsewhere the endpoint does not exist: what is not there cannot be left open.
        if (app.Environment.IsDevelopment() && !app.Configuration.HasIssuer())
            session.MapPost("", SignInAsync).WithName("SignIn").WithSummary("Begins a session, in Development.").ProducesProblem(403).ProducesProblem(404);
    }

    /// <summary>A session whose token could not be renewed is not over, and is good for nothing until the issuer is back.</summary>
    public static void UseFreshSessions(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var clock = context.RequestServices.GetRequiredService<TimeProvider>();
        if (context.Features.Get<CurrentSession>()?.Person.IsStale(clock.GetUtcNow()) == true
            && context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
            && !context.Request.Path.StartsWithSegments("/api/session", StringComparison.OrdinalIgnoreCase))
        {
            await Problems.Unavailable("The identity provider does not answer; your session goes on when it does.", RetryAfter)
                .ExecuteAsync(context);
            return;
        }
        await next(context);
    });

    private static async Task<Ok<Session>> GetAsync(HttpContext context, SessionDescription description) =>
        TypedResults.Ok(await description.OfAsync(context));

    private static async Task<Results<Ok<Session>, ProblemHttpResult>> SignInAsync(
        SignIn request, HttpContext context, PersonSessions sessions, SessionDescription description,
        IOptions<DevelopmentSignInOptions> options, CancellationToken cancellationToken)
    {
        var errors = Check(request, options.Value).ToList();
        if (errors.Count > 0)
            return Problems.Validation(errors);

        if (context.Features.Get<CurrentSession>() is { } former)
            await sessions.EndAsync(former.Key, cancellationToken);
        var person = new PersonSession(request.Name ?? $"{request.Role}@development", [request.Role!], request.TenantId, Tokens: null);
        var key = await sessions.BeginAsync(person, cancellationToken);
        await context.SignInAsync(SessionCookie.Scheme, SessionCookie.For(key), new() { IsPersistent = false });

        // The anti-forgery token of the answer belongs to the session that has just begun.
        context.User = person.ToPrincipal(SessionFiles.NameOf(key));
        return TypedResults.Ok(await description.OfAsync(context));
    }

    private static async Task<Ok<Session>> SignOutAsync(
        HttpContext context, PersonSessions sessions, SessionDescription description, CancellationToken cancellationToken)
    {
        string? next = null;
        if (context.Features.Get<CurrentSession>() is { } current)
        {
            await sessions.EndAsync(current.Key, cancellationToken);
            next = context.RequestServices.GetService<Leaving>()?.AddressFor(current.Person);
        }
        await context.SignOutAsync(SessionCookie.Scheme);
        context.User = new(new ClaimsIdentity());
        return TypedResults.Ok((await description.OfAsync(context)) with { SignOutUrl = next });
    }

    private static IEnumerable<FieldError> Check(SignIn request, DevelopmentSignInOptions options)
    {
        if (request.Role is null || !SessionDescription.People.Contains(request.Role, StringComparer.Ordinal))
            yield return new("role", $"must be one of {string.Join(", ", SessionDescription.People)}");
        if (request.TenantId is { } tenant && !options.Tenants.Contains(tenant, StringComparer.Ordinal))
            yield return new("tenant_id", $"must be one of {string.Join(", ", options.Tenants)}, or absent");
        if (request.Name is { } name && (name.Length is 0 or > LongestName || name.Any(char.IsControl)))
            yield return new("name", $"must be 1 to {LongestName} characters, none of them a control character");
    }
}
