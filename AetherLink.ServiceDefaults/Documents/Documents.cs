using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AetherLink.ServiceDefaults;

/// <summary>The service's OpenAPI document, and a page to read it and try it.</summary>
internal static class Documents
{
    public const string Path = "/openapi/v1.json";

    public static void AddDocuments(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.AddDocumentTransformer((document, context, _) =>
        {
            var identity = context.ApplicationServices.GetRequiredService<ServiceIdentity>();
            document.Info = new() { Title = identity.Name, Version = identity.Version };
            // The address that the document was asked at would make it differ from machine to machine.
            document.Servers = [];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(StatePolicyAsync);
        options.AddOperationTransformer(RefusalStatuses.StateAsync);
        options.AddSchemaTransformer((schema, context, _) =>
        {
            Complete(schema, context.JsonTypeInfo.Type);
            return Task.CompletedTask;
        });
    });

    public static void MapDocuments(this IEndpointRouteBuilder app)
    {
        // For another name the framework would answer 404 by itself, and not as a problem.
        app.MapOpenApi("/openapi/{documentName:regex(^v1$)}.json").RequireAuthorization(Policies.Public);
        app.MapDocsPage();
    }

    // What the framework does not see: behind our converter of times, and what our writer adds to every problem.
    private static void Complete(OpenApiSchema schema, Type type)
    {
        if ((Nullable.GetUnderlyingType(type) ?? type) == typeof(DateTimeOffset))
            schema.Type = JsonSchemaType.String | (type == typeof(DateTimeOffset) ? 0 : JsonSchemaType.Null);
        if (type == typeof(ProblemDetails))
            schema.Properties?.TryAdd(ProblemWriter.TraceId, new OpenApiSchema { Type = JsonSchemaType.String });
    }

    /// <summary>
    /// Who may call: for people in the description, for programs as <c>x-policy</c>, <c>x-roles</c> and <c>x-scope</c>.
    /// </summary>
    private static Task StatePolicyAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var rules = context.ApplicationServices.GetRequiredService<IReadOnlyDictionary<string, PolicyRule>>();
        var name = context.Description.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().LastOrDefault()?.Policy;
        if (name is null || !rules.TryGetValue(name, out var rule))
            return Task.CompletedTask;

        operation.AddExtension("x-policy", new JsonNodeExtension(rule.Name));
        if (rule.Anybody)
            return Task.CompletedTask;
        JsonArray roles = [.. rule.Roles.Select(role => JsonValue.Create(role))];
        operation.AddExtension("x-roles", new JsonNodeExtension(roles));
        if (rule.Scope is not null)
            operation.AddExtension("x-scope", new JsonNodeExtension(rule.Scope));
        operation.Description = $"{operation.Description}\n\nFor {rule.Wanted}.".TrimStart();
        return Task.CompletedTask;
    }
}
