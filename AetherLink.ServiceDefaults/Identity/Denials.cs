using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace AetherLink.ServiceDefaults;

/// <summary>Says why a request is denied, the same way whatever signed the caller in.</summary>
internal sealed class Denials(IReadOnlyDictionary<string, PolicyRule> rules) : IAuthorizationMiddlewareResultHandler
{
    public async Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        // The fallback policy denies; but where nothing is mapped there is nothing to protect, and 404, 405 and 415 say more.
        if (authorizeResult.Succeeded || context.GetEndpoint() is not RouteEndpoint endpoint)
        {
            await next(context);
            return;
        }

        await Problem(context, endpoint, authorizeResult, (await context.AuthenticateAsync()).Failure).ExecuteAsync(context);
    }

    private ProblemHttpResult Problem(
        HttpContext context, RouteEndpoint endpoint, PolicyAuthorizationResult result, Exception? failure)
    {
        if (failure is IssuerAwayException)
            return Problems.Unavailable(failure.Message, IssuerConfiguration.AfterFailure);
        if (result.Forbidden && context.User.HasClaim(claim => claim.Type == CallerClaims.RoleWithoutTenant))
            return Problems.Of(403, "Insufficient permissions: the token names no tenant, and its role counts in one alone.");
        if (result.Forbidden)
            return Problems.Of(403, $"Insufficient permissions: this needs {Wanted(endpoint)}.");
        if (failure is MalformedRolesException)
            return Problems.BadRequest(failure.Message);

        var hasToken = Identity.HasBearer(context.Request);
        context.Response.Headers[HeaderNames.WWWAuthenticate] = hasToken ? "Bearer error=\"invalid_token\"" : "Bearer";
        return Problems.Of(401, hasToken
            ? "The token is not valid here: it has expired, is for another audience, or is not signed by a known key."
            : $"Missing roles header or bearer token: this needs {Wanted(endpoint)}.");
    }

    private string Wanted(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IAuthorizeData>()?.Policy is { } name && rules.TryGetValue(name, out var rule)
            ? rule.Wanted
            : "a policy that the endpoint does not have";
}
