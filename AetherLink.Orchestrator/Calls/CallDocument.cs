using System.Text.Json;
using AetherLink.Orchestrator.Intents;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AetherLink.Orchestrator.Calls;

/// <summary>
/// What the framework cannot see of a call's form: the payload's fields are the intent's, each a text or a list of texts, and the
/// result is of the intent's type.
/// </summary>
internal static class CallDocument
{
    private static readonly (string Intent, Type Result)[] Results =
    [
        (BuiltIn.ExtractLead, typeof(Lead)),
        (BuiltIn.SummarizeActivity, typeof(ActivitySummary)),
        (BuiltIn.ClassifyIntent, typeof(ChosenIntent)),
    ];

    public static void Describe(OpenApiOptions options) => options
        .AddSchemaTransformer((schema, context, _) =>
        {
            if (context.JsonTypeInfo.Type == typeof(Dictionary<string, JsonElement>)) schema.AdditionalProperties = TextOrTexts();
            return Task.CompletedTask;
        })
        .AddDocumentTransformer(TypeResultsAsync);

    private static async Task TypeResultsAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        if (document.Components?.Schemas is not { } schemas || !schemas.TryGetValue(nameof(OrchestrateAnswer), out var answer)
            || answer is not OpenApiSchema { Properties: { } properties })
        {
            return;
        }
        var result = new OpenApiSchema { AnyOf = [] };
        foreach (var (intent, type) in Results)
        {
            var schema = await context.GetOrCreateSchemaAsync(type, null, cancellationToken);
            schema.Description = $"The result of {intent}.";
            if (type == typeof(Lead)) Fix(schema, "status", "new");
            document.AddComponent(type.Name, schema);
            result.AnyOf.Add(new OpenApiSchemaReference(type.Name, document));
        }
        result.AnyOf.Add(new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            AdditionalProperties = new OpenApiSchema(),
            Description = "The result of an intent of configuration, of the JSON schema that it names.",
        });
        properties["result"] = result;
    }

    /// <summary>What is always there, and always the same.</summary>
    private static void Fix(OpenApiSchema schema, string property, string value)
    {
        schema.Properties![property] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [value] };
        schema.Required?.Add(property);
    }

    private static OpenApiSchema TextOrTexts() => new()
    {
        AnyOf =
        [
            new OpenApiSchema { Type = JsonSchemaType.String },
            new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
        ],
    };
}
