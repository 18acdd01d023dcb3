using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace AetherLink.Tests.Orchestrator;

/// <summary>What came over a stream: the text of its deltas, and its terminal event, or none.</summary>
internal sealed record AnswerStream(string Text, int Deltas, string? End, JsonNode? Data)
{
    public static async Task<AnswerStream> AskAsync(HttpClient client, object body, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orchestrate/stream") { Content = JsonContent.Create(body) };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        Assert.Equal("text/event-stream", response.EnsureSuccessStatusCode().Content.Headers.ContentType?.MediaType);
        return Read(await response.Content.ReadAsStringAsync(cancellationToken));
    }

    private static AnswerStream Read(string body)
    {
        var (text, deltas) = ("", 0);
        Assert.StartsWith(": connected\n\n", body, StringComparison.Ordinal);
        foreach (var frame in body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(f => !f.StartsWith(':')))
        {
            var lines = frame.Split('\n');
            Assert.Equal(2, lines.Length);
            var (name, data) = (lines[0]["event: ".Length..], JsonNode.Parse(lines[1]["data: ".Length..])!);
            if (name != "delta") return new(text, deltas, name, data);
            text += (string?)data["text"];
            deltas++;
        }
        return new(text, deltas, null, null);
    }
}
