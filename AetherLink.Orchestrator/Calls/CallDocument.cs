using System.Text.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AetherLink.Orchestrator.Calls;

/// <summary>What the framework cannot see of a call's form: the payload's fields are the intent's, each a text or a list of texts.</summary>
internal static class CallDocument
{
    public static void Describe(OpenApiOptions options) => options.AddSchemaTransformer((schema, context, _) =>
    {
        if (context.JsonTypeInfo.Type == typeof(Dictionary<string, JsonElement>)) schema.AdditionalProperties = TextOrTexts();
        return Task.CompletedTask;
    });

    private static OpenApiSchema TextOrTexts() => new()
    {
        AnyOf =
        [
            new OpenApiSchema { Type = JsonSchemaType.String },
            new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
        ],
    };
}
