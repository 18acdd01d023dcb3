using System.Buffers;
using Microsoft.Net.Http.Headers;

namespace AetherLink.CommandCenter.Events.Publishing;

/// <summary>What a body claims to be.</summary>
internal enum BodyKind
{
    Unknown,
    Json,
    CloudEvent,
    CloudEventBatch,
    Lines,
}

/// <summary>The body of a request, bounded.</summary>
internal static class RequestBody
{
    public static BodyKind Kind(HttpRequest request) =>
        !MediaTypeHeaderValue.TryParse(request.ContentType, out var type) ? BodyKind.Unknown : type.MediaType.Value?.ToLowerInvariant() switch
        {
            "application/json" or "text/json" => BodyKind.Json,
            "application/cloudevents+json" => BodyKind.CloudEvent,
            "application/cloudevents-batch+json" => BodyKind.CloudEventBatch,
            "application/x-ndjson" or "application/ndjson" or "application/jsonl" or "application/x-jsonlines" => BodyKind.Lines,
            _ => BodyKind.Unknown,
        };

    /// <summary>The whole body; null when it is larger than the limit.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
        {
            return null;
        }
        var body = new ArrayBufferWriter<byte>((int)(request.ContentLength ?? 4096) + 1);
        while (true)
        {
            var read = await request.Body.ReadAsync(body.GetMemory(4096), cancellationToken);
            if (read == 0)
            {
                return body.WrittenMemory;
            }
            body.Advance(read);
            if (body.WrittenCount > limit)
            {
                return null;
            }
        }
    }
}
