using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using AetherLink.Orchestrator.Intents;
using AetherLink.Orchestrator.Routing;

namespace AetherLink.Orchestrator.Providers;

/// <summary>
/// A plain JSON endpoint, the way an existing summariser is called. It is sent
/// <code>{"intent": "extract-lead", "tenant_id": "acme", "payload": {"raw_text": "..."}}</code>
/// and answers with the result itself, or with <code>{"result": {...}, "model": "...", "usage": {"input_tokens": 1, "output_tokens": 1}}</code>
/// It gives its answer whole, so a stream of it is one piece, and that piece is valid.
/// </summary>
internal sealed class HttpProvider(HttpClient http, Uri url, string model, string? key) : IProvider
{
    private const string IntentMark = "{intent}";

    private static readonly MediaTypeHeaderValue Json = new("application/json", "utf-8");

    /// <summary>Of one that is the same for all intents.</summary>
    private readonly Uri? _same = url.OriginalString.Contains(IntentMark, StringComparison.Ordinal) ? null : url;

    public async Task<ProviderAnswer> AskAsync(Question question, IPieceSink? pieces, Meter meter, CancellationToken cancellationToken)
    {
        // Both forms of the braces: a Uri keeps them as written in its original string, and escapes them elsewhere.
        var target = _same ?? new Uri(url.OriginalString.Replace(IntentMark, question.Intent.Name, StringComparison.Ordinal));
        using var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = Body(question) };
        request.WithKey(key);
        using var response = await http.SendAsync(request, cancellationToken);
        try
        {
            using var json = await JsonDocument.ParseAsync(
                await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
            var answer = Read(question.Intent, json.RootElement, meter);
            pieces?.WriteWhole(answer.Result);
            return answer;
        }
        catch (JsonException e)
        {
            throw new ProviderFault(FaultKind.InvalidAnswer, "the answer is not JSON", e.Message, inner: e);
        }
    }

    // Whole, and so with its length: in chunks it would be several writes and reads at either end.
    private static ReadOnlyMemoryContent Body(Question question)
    {
        var body = new ArrayBufferWriter<byte>(256 + question.Text.Length);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("intent", question.Intent.Name);
            json.WriteString("tenant_id", question.TenantId);
            json.WriteStartObject("payload");
            json.WriteString(question.Intent.PayloadFields[0], question.Text);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return new(body.WrittenMemory) { Headers = { ContentType = Json } };
    }

    private ProviderAnswer Read(Intent intent, JsonElement json, Meter meter)
    {
        if (json.ValueKind != JsonValueKind.Object) return new(AnswerReading.Read(intent, json), model);
        var usage = json.TryGetProperty("usage", out var u) ? u : default;
        var (input, output) = (Count(usage, "input_tokens"), Count(usage, "output_tokens"));
        if (input is { } heard && output is { } written) meter.End(heard, written, hasSaidSo: true);
        else meter.Begin(input ?? 0, output ?? 0);
        var said = json.TryGetProperty("model", out var m) && m.ValueKind == JsonValueKind.String ? m.GetString()! : model;
        return new(AnswerReading.Read(intent, json.TryGetProperty("result", out var inner) ? inner : json), said);
    }

    private static long? Count(JsonElement usage, string name) =>
        usage.ValueKind == JsonValueKind.Object && usage.TryGetProperty(name, out var v)
            && v.ValueKind == JsonValueKind.Number && v.TryGetInt64(out var count) && count >= 0 ? count : null;
}
