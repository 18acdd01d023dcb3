using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.OpenApi;

namespace AetherLink.ServiceDefaults;

/// <summary>
/// The refusals that every endpoint shares, stated in one place: they follow from its policy, its parameters, its body and its
/// limits. An endpoint names only what is its own, such as 404 without an id, 409 and 503.
/// </summary>
internal static class RefusalStatuses
{
    private const string Problem = "application/problem+json";

    private static readonly Dictionary<int, string> Meanings = new()
    {
        [400] = "The request is wrong; the detail names every field that is.",
        [401] = "Nobody in particular asked.",
        [403] = "Insufficient permissions, or another's tenant.",
        [404] = "There is nothing of that name.",
        [409] = "It does not go together with what is there.",
        [413] = "The body is larger than this endpoint takes.",
        [415] = "The body's content type is not one that this endpoint takes.",
        [429] = "Too many requests from this caller.",
        [503] = "Not at the moment: try again later.",
    };

    public static async Task StateAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var policy = metadata.OfType<IAuthorizeData>().LastOrDefault()?.Policy;
        var rules = context.ApplicationServices.GetRequiredService<IReadOnlyDictionary<string, PolicyRule>>();
        var isForSome = policy is not null && rules.TryGetValue(policy, out var rule) && !rule.Anybody;
        var isLimited = !metadata.OfType<DisableRateLimitingAttribute>().Any();

        operation.Responses ??= [];
        var content = await ContentAsync(context, cancellationToken);
        foreach (var status in Shared(operation, isForSome, isLimited))
        {
            operation.Responses.TryAdd($"{status}", new OpenApiResponse { Content = content });
        }
        foreach (var (status, response) in operation.Responses)
        {
            if (int.TryParse(status, out var code) && Meanings.TryGetValue(code, out var meaning) && response.Content?.ContainsKey(Problem) is true)
            {
                response.Description = meaning;
                Head((OpenApiResponse)response, code);
            }
        }
        // In order, however they came to be there.
        var ordered = operation.Responses.OrderBy(response => response.Key, StringComparer.Ordinal).ToList();
        operation.Responses.Clear();
        ordered.ForEach(response => operation.Responses.Add(response.Key, response.Value));
    }

    private static IEnumerable<int> Shared(OpenApiOperation operation, bool isForSome, bool isLimited)
    {
        // A malformed header of roles is one, too.
        if (isForSome || operation.RequestBody is not null || operation.Parameters?.Count > 0)
            yield return 400;
        if (isForSome)
            yield return 401;
        if (isForSome)
            yield return 403;
        if (operation.Parameters?.Any(parameter => parameter.In is ParameterLocation.Path) is true)
            yield return 404;
        if (operation.RequestBody is not null)
            yield return 413;
        if (operation.RequestBody is not null)
            yield return 415;
        if (isLimited)
            yield return 429;
    }

    private static void Head(OpenApiResponse response, int status)
    {
        if (status is 429 or 503)
        {
            response.Headers ??= new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
            response.Headers["Retry-After"] = new OpenApiHeader
            {
                Description = "Seconds.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
            };
        }
    }

    private static async Task<Dictionary<string, OpenApiMediaType>> ContentAsync(
        OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var schema = await context.GetOrCreateSchemaAsync(typeof(ProblemDetails), null, cancellationToken);
        if (context.Document is { } document)
        {
            document.AddComponent("ProblemDetails", schema);
            return new() { [Problem] = new() { Schema = new OpenApiSchemaReference("ProblemDetails", document) } };
        }
        return new() { [Problem] = new() { Schema = schema } };
    }
}
