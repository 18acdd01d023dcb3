using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AetherLink.Tests.Orchestrator;

/// <summary>
/// Each provider's wire format, each way to fail, whole and as a stream: every cell of the matrix ends in a complete answer or in
/// an explicit error, and in exactly one audit record. Each cell has an intent and a provider of its own, so that all of them run
/// side by side in one Orchestrator.
/// </summary>
public sealed class FaultMatrixTests
{
    // In a run every third; a stride that shares no factor with the ways of asking, so that each of them is in the sample.
    private static readonly IReadOnlyList<Cell> Cells = Soak.IsOn ? Cell.All : [.. Cell.All.Where((_, i) => i % 3 == 0)];

    private const string LeadSchema = """
        {"type":"object","properties":{"name":{"type":["string","null"]},"email":{"type":["string","null"]},"company":{"type":["string","null"]},"phone":{"type":["string","null"]},"tags":{"type":"array","items":{"type":"string"}}},"required":["name","email","company","phone","tags"],"additionalProperties":false}
        """;

    [Fact]
    public async Task Every_cell_ends_in_an_answer_or_an_error_and_in_one_record()
    {
        var byId = Cells.ToDictionary(c => c.Id, StringComparer.Ordinal);
        var asked = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        await using var provider = await FakeProvider.StartAsync(context =>
        {
            var id = context.Request.Path.Value!.Split('/')[1];
            if (id == "spare") return Answers.Of("http", Answers.Lead)(context);
            asked.AddOrUpdate(id, 1, (_, n) => n + 1);
            return byId[id].Fault.Answer(byId[id].Type)(context);
        });
        await using var app = await OrchestratorApp.StartAsync(
            Yaml(provider.Url), catchAudit: true, [("lead.v1.md", "Extract."), ("lead.schema.json", LeadSchema)],
            ("ANTHROPIC_API_KEY", "key-a"), ("OPENAI_API_KEY", "key-o"));
        var wrong = new ConcurrentBag<string>();

        // Side by side, but not so many that waiting for the processor looks like a stall.
        await Parallel.ForEachAsync(Cells, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (cell, cancellationToken) =>
        {
            if (await FaultOfAsync(app, cell, cancellationToken) is { } fault) wrong.Add($"{cell}: {fault}");
        });
        await app.WaitForAuditAsync(Cells.Count);

        var records = app.Audit.ToLookup(r => (string)r["tenant_id"]!, StringComparer.Ordinal);
        foreach (var cell in Cells)
        {
            if (records[cell.Id].ToList() is not [var record]) wrong.Add($"{cell}: {records[cell.Id].Count()} records");
            else if ((string?)record["outcome"] != (cell.IsAnswered ? "success" : "failed")) wrong.Add($"{cell}: recorded as {record["outcome"]}");
            // Asked once: nothing below the chain repeats it. Where it times out, perhaps before the question was there.
            var times = asked.GetValueOrDefault(cell.Id);
            if (times > 1 || (times == 0 && cell.Fault is { Url: null, TimesOut: false })) wrong.Add($"{cell}: asked {times} times");
        }
        Assert.Equal(Cells.Count, app.Audit.Count);
        Assert.True(wrong.IsEmpty, string.Join('\n', wrong.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("claude")]
    [InlineData("openai")]
    public async Task Refusal_is_its_own_class_and_leaves_the_circuit_closed(string type)
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Refusal(type));
        await using var app = await OrchestratorApp.StartWithAsync(type, provider.Url);

        for (var call = 0; call < 4; call++)
        {
            using var response = await app.ExtractAsync();
            Assert.Equal("refusal", (string?)(await OrchestratorApp.ReadAsync(response))["attempts"]![0]!["error_class"]);
            var stream = await AnswerStream.AskAsync(app.Client, new { intent = "extract", tenant_id = "acme", payload = new { raw_text = "x" } });
            Assert.Equal(("done", "refusal"), (stream.End, (string?)stream.Data!["attempts"]![0]!["error_class"]));
        }

        Assert.Equal(8, provider.Asked.Count);
    }

    [Theory]
    [InlineData("claude", "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n", "overload")]
    [InlineData("claude", "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"Slow down\"}}\n\n", "rate_limit")]
    [InlineData("openai", "data: {\"error\":{\"message\":\"The server had an error\",\"type\":\"server_error\",\"code\":null}}\n\n", "overload")]
    [InlineData("openai", "data: {\"error\":{\"message\":\"Slow down\",\"type\":\"requests\",\"code\":\"rate_limit_exceeded\"}}\n\n", "rate_limit")]
    [InlineData("ollama", "{\"error\":\"the runner was killed\"}\n", "overload")]
    public async Task Error_told_within_a_stream_has_its_class(string type, string frame, string errorClass)
    {
        await using var provider = await FakeProvider.StartAsync(async context =>
        {
            await Wire.WriteBeginningAsync(context, type);
            await context.Response.WriteAsync(frame);
        });
        await using var app = await OrchestratorApp.StartWithAsync(type, provider.Url);

        var stream = await AnswerStream.AskAsync(app.Client, new { intent = "extract", tenant_id = "acme", payload = new { raw_text = "x" } });

        Assert.Equal(("done", errorClass), (stream.End, (string?)stream.Data!["attempts"]![0]!["error_class"]));
    }

    private static async Task<string?> FaultOfAsync(OrchestratorApp app, Cell cell, CancellationToken cancellationToken)
    {
        var body = new { intent = cell.Id, tenant_id = cell.Id, payload = new { raw_text = "I'm Jane Doe" } };
        if (!cell.Streams)
        {
            using var response = await app.PostAsync(body, cancellationToken);
            return FaultOf(cell, await OrchestratorApp.ReadAsync(response), response.StatusCode == HttpStatusCode.OK);
        }
        var stream = await AnswerStream.AskAsync(app.Client, body, cancellationToken);
        if (stream.End is not ("done" or "error")) return "the stream has no end";
        if (cell is { IsBegun: true, Fault.MayLoseTheBeginning: true }) cell.IsBegun = stream.End == "error" && stream.Deltas > 0;
        if (cell.IsBegun != (stream.Deltas > 0 && stream.End == "error")) return $"{stream.Deltas} pieces before {stream.End}";
        return FaultOf(cell, stream.Data!, stream.End == "done");
    }

    private static string? FaultOf(Cell cell, JsonNode answer, bool isAnswered)
    {
        if (isAnswered != cell.IsAnswered) return $"answered: {answer}";
        if (isAnswered)
        {
            var first = Of(cell, answer["attempts"]!);
            if ((string?)answer["provider"] != "spare" || (string?)answer["result"]!["name"] != "Ada Lovelace") return $"not complete: {answer}";
            return (string?)first["error_class"] == cell.ErrorClass ? null : $"{first["error_class"]} instead of {cell.ErrorClass}: {first["error"]}";
        }
        if ((int)answer["status"]! != 502) return $"status {answer["status"]}";
        var error = (string)Of(cell, answer["errors"]!)["error"]!;
        return error.StartsWith($"{cell.ErrorClass}: ", StringComparison.Ordinal) ? null : $"{error} instead of {cell.ErrorClass}";
    }

    /// <summary>The chain is everybody's: those of other cells are in it as unsupported.</summary>
    private static JsonNode Of(Cell cell, JsonNode list) => list.AsArray().Single(a => (string?)a!["provider"] == $"p-{cell.Id}")!;

    // What begins has the time to do so on a machine that is busy: it must be seen to begin before it times out.
    private static int TimeoutOf(Cell cell) => cell.Fault.TimesOut ? cell.IsBegun ? 2_000 : 300 : 30_000;

    private static string Yaml(string url)
    {
        var yaml = new StringBuilder("version: 1\ntotal_timeout_ms: 60000\nintents:\n");
        foreach (var cell in Cells) yaml.Append($"  - {{name: {cell.Id}, description: d, prompt: lead.v1.md, schema: lead.schema.json}}\n");
        yaml.Append("providers:\n");
        foreach (var cell in Cells)
        {
            var address = cell.Fault.Url ?? $"{url}/{cell.Id}";
            yaml.Append($"  - {{name: p-{cell.Id}, type: {cell.Type}, model: asked-model, url: \"{address}{(cell.Type == "openai" ? "/v1" : "")}\", ")
                .Append($"priority: 1, timeout_ms: {TimeoutOf(cell)}, capabilities: [{cell.Id}]}}\n");
        }
        var spare = Cells.Where(c => c.HasSpare).Select(c => c.Id);
        yaml.Append($"  - {{name: spare, type: http, url: \"{url}/spare\", priority: 2, timeout_ms: 30000, capabilities: [{string.Join(", ", spare)}]}}\n");
        return yaml.ToString();
    }
}
