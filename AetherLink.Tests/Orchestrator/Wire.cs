using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AetherLink.Tests.Orchestrator;

/// <summary>Each provider's wire format, as its documentation shows it: whole, and as a stream.</summary>
internal static class Wire
{
    /// <summary>In the items of a request: whether it asks for a stream.</summary>
    public const string IsStream = "is-stream";

    public static Task WriteAsync(HttpContext context, string type, params string[] pieces) => Streams(context)
        ? SendAsync(context, type, Frames(type, pieces))
        : context.Response.WriteAsJsonAsync(Whole(type, string.Concat(pieces)));

    public static Task RefuseAsync(HttpContext context, string type) => Streams(context)
        ? SendAsync(context, type, [.. Begin(type), .. Refused(type)])
        : context.Response.WriteAsJsonAsync(type switch
        {
            "claude" => Claude("", "refusal"),
            "openai" => OpenAi(null, "I cannot help with that."),
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        });

    /// <summary>As far as the second piece of the answer: what comes after it is somebody else's decision.</summary>
    public static Task WriteBeginningAsync(HttpContext context, string type, params string[] pieces) =>
        SendAsync(context, type, [.. Begin(type), .. pieces.SelectMany(piece => Piece(type, piece))]);

    public static Task WritePieceAsync(HttpContext context, string type, string piece) => SendAsync(context, type, Piece(type, piece));

    /// <summary>The whole of a stream.</summary>
    public static IReadOnlyList<string> Frames(string type, params string[] pieces) =>
        [.. Begin(type), .. pieces.SelectMany(piece => Piece(type, piece)), .. End(type, "end")];

    private static async Task SendAsync(HttpContext context, string type, IEnumerable<string> frames)
    {
        if (!context.Response.HasStarted) context.Response.ContentType = type == "ollama" ? "application/x-ndjson" : "text/event-stream";
        foreach (var frame in frames)
        {
            await context.Response.WriteAsync(frame);
            await context.Response.Body.FlushAsync();
        }
    }

    private static bool Streams(HttpContext context) => context.Items[IsStream] is true;

    private static string[] Begin(string type) => type switch
    {
        "claude" =>
        [
            ClaudeEvent("message_start", new JsonObject { ["message"] = Claude(null, null) }),
            ClaudeEvent("content_block_start", new JsonObject
            {
                ["index"] = 0, ["content_block"] = new JsonObject { ["type"] = "text", ["text"] = "", ["citations"] = null },
            }),
            ClaudeEvent("ping", []),
        ],
        "openai" => [OpenAiDelta(new JsonObject { ["role"] = "assistant", ["content"] = "", ["refusal"] = null }, null)],
        "ollama" => [],
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    private static string[] Piece(string type, string text) => type switch
    {
        "claude" =>
        [
            ClaudeEvent("content_block_delta", new JsonObject { ["index"] = 0, ["delta"] = new JsonObject { ["type"] = "text_delta", ["text"] = text } }),
        ],
        "openai" => [OpenAiDelta(new JsonObject { ["content"] = text }, null)],
        "ollama" => [Ollama(text, false).ToJsonString() + "\n"],
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    private static string[] End(string type, string reason) => type switch
    {
        "claude" =>
        [
            ClaudeEvent("content_block_stop", new JsonObject { ["index"] = 0 }),
            ClaudeEvent("message_delta", new JsonObject
            {
                ["delta"] = new JsonObject { ["stop_reason"] = reason == "end" ? "end_turn" : reason, ["stop_sequence"] = null },
                ["usage"] = new JsonObject { ["output_tokens"] = 7 },
            }),
            ClaudeEvent("message_stop", []),
        ],
        "openai" => [OpenAiDelta([], reason == "end" ? "stop" : reason), OpenAiUsage(), "data: [DONE]\n\n"],
        "ollama" => [Ollama("", true).ToJsonString() + "\n"],
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    private static string[] Refused(string type) => type switch
    {
        "claude" => End(type, "refusal"),
        "openai" => [OpenAiDelta(new JsonObject { ["refusal"] = "I cannot " }, null), OpenAiDelta(new JsonObject { ["refusal"] = "help." }, null), .. End(type, "end")],
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    public static JsonObject Whole(string type, string text) => type switch
    {
        "claude" => Claude(text, "end_turn"),
        "openai" => OpenAi(text, null),
        "ollama" => Ollama(text, true),
        "http" => new JsonObject
        {
            ["result"] = Parsed(text),
            ["model"] = "served-model",
            ["usage"] = new JsonObject { ["input_tokens"] = 11, ["output_tokens"] = 7 },
        },
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    private static JsonNode? Parsed(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    private static JsonObject Claude(string? text, string? stop) => new()
    {
        ["id"] = "msg_1",
        ["type"] = "message",
        ["role"] = "assistant",
        ["model"] = "served-model",
        ["content"] = text is null ? [] : new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text, ["citations"] = null }),
        ["stop_reason"] = stop,
        ["stop_sequence"] = null,
        ["usage"] = new JsonObject { ["input_tokens"] = 11, ["output_tokens"] = 7 },
    };

    /// <summary>event: content_block_delta, data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}</summary>
    private static string ClaudeEvent(string type, JsonObject data)
    {
        data["type"] = type;
        return $"event: {type}\ndata: {data.ToJsonString()}\n\n";
    }

    private static JsonObject OpenAi(string? text, string? refusal) => new()
    {
        ["id"] = "chatcmpl-1",
        ["object"] = "chat.completion",
        ["created"] = 1_700_000_000,
        ["model"] = "served-model",
        ["choices"] = new JsonArray(new JsonObject
        {
            ["index"] = 0,
            ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = text, ["refusal"] = refusal },
            ["finish_reason"] = "stop",
        }),
        ["usage"] = new JsonObject { ["prompt_tokens"] = 11, ["completion_tokens"] = 7, ["total_tokens"] = 18 },
    };

    /// <summary>data: {"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":null}]}</summary>
    private static string OpenAiDelta(JsonObject delta, string? finish) =>
        OpenAiChunk(new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish }), null);

    /// <summary>With stream_options.include_usage a last chunk has the usage, and no choice.</summary>
    private static string OpenAiUsage() =>
        OpenAiChunk([], new JsonObject { ["prompt_tokens"] = 11, ["completion_tokens"] = 7, ["total_tokens"] = 18 });

    private static string OpenAiChunk(JsonArray choices, JsonObject? usage)
    {
        var chunk = new JsonObject
        {
            ["id"] = "chatcmpl-1",
            ["object"] = "chat.completion.chunk",
            ["created"] = 1_700_000_000,
            ["model"] = "served-model",
            ["choices"] = choices,
            ["usage"] = usage,
        };
        return $"data: {chunk.ToJsonString()}\n\n";
    }

    /// <summary>{"model":"llama3.2","message":{"role":"assistant","content":"Hello"},"done":false}</summary>
    private static JsonObject Ollama(string text, bool done)
    {
        var line = new JsonObject
        {
            ["model"] = "served-model",
            ["created_at"] = "2026-01-01T00:00:00Z",
            ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = text },
            ["done"] = done,
        };
        if (!done) return line;
        line["done_reason"] = "stop";
        line["prompt_eval_count"] = 11;
        line["eval_count"] = 7;
        return line;
    }
}
