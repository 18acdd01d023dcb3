using System.Text.Json;
using AetherLink.Orchestrator.Intents;
using AetherLink.Orchestrator.Providers;

namespace AetherLink.Tests.Orchestrator;

/// <summary>What Anthropic and OpenAI would refuse of an intent's schema is not sent to them.</summary>
public sealed class ModelSchemaTests
{
    [Fact]
    public void Bounds_are_left_out_and_a_property_that_is_called_like_one_stays()
    {
        var schema = ModelSchema.Of(With("""
            {
              "type": "object",
              "properties": {
                "minimum": { "type": ["number", "null"], "minimum": 1, "maximum": 5 },
                "lines": { "type": "array", "items": { "type": "string", "minLength": 1 }, "maxItems": 3 }
              },
              "required": ["minimum", "lines"],
              "additionalProperties": false
            }
            """))!;

        Assert.Equal(["additionalProperties", "properties", "required", "type"], schema.Keywords.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            """{"minimum":{"type":["number","null"]},"lines":{"type":"array","items":{"type":"string"}}}""", schema.Keywords["properties"].GetRawText());
        Assert.Equal(
            """{"type":"object","properties":{"minimum":{"type":["number","null"]},"lines":{"type":"array","items":{"type":"string"}}},"required":["minimum","lines"],"additionalProperties":false}""",
            schema.Text);
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":["object","null"]}},"required":["a"],"additionalProperties":false}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array","items":{}}},"required":["a"],"additionalProperties":false}""")]
    public void Schema_that_leaves_something_open_is_not_sent(string schema) => Assert.Null(ModelSchema.Of(With(schema)));

    [Theory]
    [InlineData("extract-lead")]
    [InlineData("summarize-activity")]
    [InlineData("classify-intent")]
    public void Models_are_held_to_the_whole_schema_of_an_intent_of_the_contract(string name)
    {
        var intent = IntentCatalog.Standard.Find(name)!;

        var schema = ModelSchema.Of(intent)!.Keywords;

        Assert.All(intent.Schema.EnumerateObject(), keyword => Assert.True(JsonElement.DeepEquals(keyword.Value, schema[keyword.Name]), keyword.Name));
    }

    private static Intent With(string schema) => IntentCatalog.Standard.Find("extract-lead")! with { Schema = JsonSerializer.Deserialize<JsonElement>(schema) };
}
