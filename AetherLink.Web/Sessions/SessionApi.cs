using System.Security.Claims;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AetherLink.Web.Sessions;

internal static class SessionApi
{
    private const int LongestName = 80;
    private static readonly string[] People = [Roles.Viewer, Roles.Agent, Roles.Operator, Roles.Admin];

    public static void MapSessions(this WebApplication app)
    {
        var session = app.MapGroup("/api/session").WithTags("Session").RequireAuthorization(Policies.Public);
        session.MapGet("", Get).WithName("GetSession").WithSummary("Who is signed in.");
        session.MapDelete("", SignOutAsync).WithName("SignOut").WithSummary("Ends the session.").ProducesProblem(400);
        // Outside of Development the endpoint does not exist: what is not there cannot be left open.
        if (app.Environment.IsDevelopment())
            session.MapPost("", SignInAsync).WithName("SignIn").WithSummary("Begins a session, in Development.").ProducesProblem(404);
    }

    private static Ok<Session> Get(
        HttpContext context, IAntiforgery antiForgery, IHostEnvironment environment, IOptions<DevelopmentSignInOptions> options) =>
        TypedResults.Ok(Describe(context, antiForgery, environment, options.Value));

    private static async Task<Results<Ok<Session>, ProblemHttpResult>> SignInAsync(
        SignIn request, HttpContext context, IAntiforgery antiForgery, IHostEnvironment environment,
        IOptions<DevelopmentSignInOptions> options)
    {
        var errors = Check(request, options.Value).ToList();
        if (errors.Count > 0)
            return Problems.Validation(errors);

        var claims = new List<Claim>
        {
            new(CallerClaims.Name, request.Name ?? $"{request.Role}@development"),
            new(CallerClaims.Role, request.Role!),
        };
        if (request.TenantId is { } tenant)
            claims.Add(new(CallerClaims.Tenant, tenant));
        var person = new ClaimsPrincipal(new ClaimsIdentity(claims, SessionCookie.Scheme, CallerClaims.Name, CallerClaims.Role));
        await context.SignInAsync(SessionCookie.Scheme, person, new() { IsPersistent = false });

        // The anti-forgery token of the answer belongs to the person who has just come in.
        context.User = person;
        return TypedResults.Ok(Describe(context, antiForgery, environment, options.Value));
    }

    private static async Task<Ok<Session>> SignOutAsync(
        HttpContext context, IAntiforgery antiForgery, IHostEnvironment environment, IOptions<DevelopmentSignInOptions> options)
    {
        await context.SignOutAsync(SessionCookie.Scheme);
        context.User = new(new ClaimsIdentity());
        return TypedResults.Ok(Describe(context, antiForgery, environment, options.Value));
    }

    private static Session Describe(
        HttpContext context, IAntiforgery antiForgery, IHostEnvironment environment, DevelopmentSignInOptions options)
    {
        var signedIn = context.User.Identity is { IsAuthenticated: true };
        var caller = Caller.Of(context.User);
        return new(
            signedIn,
            signedIn ? caller.Name : null,
            caller.Roles,
            caller.TenantId,
            antiForgery.GetAndStoreTokens(context).RequestToken!,
            environment.IsDevelopment() ? new(People, options.Tenants) : null);
    }

    private static IEnumerable<FieldError> Check(SignIn request, DevelopmentSignInOptions options)
    {
        if (request.Role is null || !People.Contains(request.Role, StringComparer.Ordinal))
            yield return new("role", $"must be one of {string.Join(", ", People)}");
        if (request.TenantId is { } tenant && !options.Tenants.Contains(tenant, StringComparer.Ordinal))
            yield return new("tenant_id", $"must be one of {string.Join(", ", options.Tenants)}, or absent");
        if (request.Name is { } name && (name.Length is 0 or > LongestName || name.Any(char.IsControl)))
            yield return new("name", $"must be 1 to {LongestName} characters, none of them a control character");
    }
}
