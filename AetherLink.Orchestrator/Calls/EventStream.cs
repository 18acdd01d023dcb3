using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace AetherLink.Orchestrator.Calls;

/// <summary>Server-sent events by hand: the framework's own result sends no headers before the first item, and no comments.</summary>
internal sealed class EventStream
{
    private readonly PipeWriter _body;

    private EventStream(PipeWriter body) => _body = body;

    /// <summary>The headers go out with the first comment: the caller sees at once that the call is under way.</summary>
    public static async Task<EventStream> OpenAsync(HttpContext http, CancellationToken cancellationToken)
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-cache, no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var stream = new EventStream(http.Response.BodyWriter);
        await stream.CommentAsync("connected", cancellationToken);
        return stream;
    }

    public async Task CommentAsync(string text, CancellationToken cancellationToken)
    {
        _body.Write(Encoding.UTF8.GetBytes($": {text}\n\n"));
        await _body.FlushAsync(cancellationToken);
    }

    /// <summary>The data is JSON as it is written here: one line.</summary>
    public async Task WriteAsync(string name, byte[] data, CancellationToken cancellationToken)
    {
        _body.Write(Encoding.UTF8.GetBytes($"event: {name}\ndata: "));
        _body.Write(data);
        _body.Write("\n\n"u8);
        await _body.FlushAsync(cancellationToken);
    }
}
