using System.ClientModel.Primitives;
using System.Text.Json;
using System.Text.Json.Nodes;
using Anthropic.Models.Messages;
using OpenAI.Chat;

namespace AetherLink.Tests.Orchestrator;

/// <summary>The fakes speak as the SDKs read and write: what they say is valid to an SDK, and comes out of it again as it went in.</summary>
public sealed class WireFormatTests
{
    [Fact]
    public void Fake_claude_says_what_the_sdk_reads_and_writes()
    {
        var message = JsonSerializer.Deserialize<Message>(Wire.Whole("claude", Answers.Lead))!;

        message.Validate();
        AssertSame(Wire.Whole("claude", Answers.Lead), JsonSerializer.SerializeToNode(message)!);
        foreach (var frame in Wire.Frames("claude", Answers.Lead))
        {
            var lines = frame.Split('\n');
            var data = JsonNode.Parse(lines[1]["data: ".Length..])!;
            Assert.Equal((string?)data["type"], lines[0]["event: ".Length..]);
            if ((string?)data["type"] == "ping") continue;
            var one = data.Deserialize<RawMessageStreamEvent>()!;
            one.Validate();
            AssertSame(data, JsonSerializer.SerializeToNode(one)!);
        }
    }

    [Fact]
    public void Fake_openai_says_what_the_sdk_reads_and_writes()
    {
        var whole = Wire.Whole("openai", Answers.Lead);

        AssertSame(whole, Again<ChatCompletion>(whole));
        foreach (var frame in Wire.Frames("openai", Answers.Lead))
        {
            Assert.StartsWith("data: ", frame, StringComparison.Ordinal);
            if (frame["data: ".Length..].Trim() == "[DONE]") continue;
            var data = JsonNode.Parse(frame["data: ".Length..])!;
            AssertSame(data, Again<StreamingChatCompletionUpdate>(data));
        }
    }

    /// <summary>Ollama has no SDK here: its lines are held against the ones of its documentation (docs/api.md, "Generate a chat completion").</summary>
    [Fact]
    public void Fake_ollama_says_what_its_documentation_shows()
    {
        const string Line = """{"model":"llama3.2","created_at":"2023-08-04T08:52:19.385406455-07:00","message":{"role":"assistant","content":"The"},"done":false}""";
        const string Last = """{"model":"llama3.2","created_at":"2023-08-04T19:22:45.499127Z","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","prompt_eval_count":26,"eval_count":298}""";
        var frames = Wire.Frames("ollama", "The").Select(f => JsonNode.Parse(f)!).ToList();

        Assert.Equal(2, frames.Count);
        Assert.Equal(Shape(JsonNode.Parse(Line)!), Shape(frames[0]));
        Assert.Equal(Shape(JsonNode.Parse(Last)!), Shape(frames[1]));
        Assert.Equal(Shape(JsonNode.Parse(Last)!), Shape(Wire.Whole("ollama", "The")));
    }

    private static JsonNode Again<T>(JsonNode node) where T : IPersistableModel<T> =>
        JsonNode.Parse(ModelReaderWriter.Write(ModelReaderWriter.Read<T>(BinaryData.FromString(node.ToJsonString()))!).ToMemory().Span)!;

    /// <summary>Everything that was said is in what came out; the SDK may add what it knows by default.</summary>
    private static void AssertSame(JsonNode said, JsonNode again)
    {
        switch (said)
        {
            case JsonObject o:
                foreach (var (name, value) in o.Where(p => p.Value is not null))
                {
                    Assert.True(again[name] is not null, $"{name} of {said.ToJsonString()} is lost in {again.ToJsonString()}");
                    AssertSame(value!, again[name]!);
                }
                break;
            case JsonArray a:
                Assert.Equal(a.Count, again.AsArray().Count);
                foreach (var (one, other) in a.Zip(again.AsArray())) AssertSame(one!, other!);
                break;
            default:
                Assert.Equal(said.ToJsonString(), again.ToJsonString());
                break;
        }
    }

    private static string Shape(JsonNode node) => node switch
    {
        JsonObject o => $"{{{string.Join(",", o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}:{Shape(p.Value!)}"))}}}",
        _ => node.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? "bool" : node.GetValueKind().ToString(),
    };
}
