using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace AetherLink.ServiceDefaults;

/// <summary>
/// Writes server-sent events: id, type, data, comments. Events stay in the response's buffer until <see cref="FlushAsync"/>,
/// so that many go out with one write. For one writer at a time.
/// </summary>
public sealed class SseWriter
{
    /// <summary>
    /// Beyond this many bytes in the buffer an event flushes by itself, so that a replay does not fill the memory.
    /// </summary>
    private const int FlushAbove = 64 * 1024;

    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\r\n\0");
    private static readonly SearchValues<byte> DataLineEnds = SearchValues.Create("\r\n"u8);
    private readonly HttpContext _context;

    /// <summary>A writer on this request's response.</summary>
    public SseWriter(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        // A stream that outlives the stop of the host would hold it up until its time-out.
        var stopping = context.RequestServices.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? default;
        var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        context.Response.RegisterForDispose(ended);
        Ended = ended.Token;
    }

    /// <summary>Cancelled when the client leaves or the host stops: the end of the stream.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Sends the headers and a first comment at once: the client knows that it is connected.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        var response = _context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache, no-store";
        // Nginx, and what follows its example, would otherwise collect events before it hands them on.
        response.Headers["X-Accel-Buffering"] = "no";
        _context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await WriteCommentAsync("connected", cancellationToken);
        await FlushAsync(cancellationToken);
    }

    /// <summary>Writes an event. Data of several lines arrives as it is, with the line ends as <c>\n</c>.</summary>
    /// <exception cref="ArgumentException">An id or a type with a line end, which would end the field.</exception>
    public async ValueTask WriteEventAsync(
        string? id, string? type, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        if (id is not null)
            Field("id: "u8, OneLine(id));
        if (type is not null)
            Field("event: "u8, OneLine(type));

        var rest = data.Span;
        int end;
        while ((end = rest.IndexOfAny(DataLineEnds)) >= 0)
        {
            Line("data: "u8, rest[..end]);
            var isPair = rest[end] == '\r' && end + 1 < rest.Length && rest[end + 1] == '\n';
            rest = rest[(end + (isPair ? 2 : 1))..];
        }
        Line("data: "u8, rest);
        _context.Response.BodyWriter.Write("\n"u8);
        await FlushWhenFullAsync(cancellationToken);
    }

    /// <summary>Writes a comment: a heartbeat, for those between here and the client who close what is silent.</summary>
    public ValueTask WriteCommentAsync(string comment, CancellationToken cancellationToken = default)
    {
        Field(": "u8, OneLine(comment));
        _context.Response.BodyWriter.Write("\n"u8);
        return FlushWhenFullAsync(cancellationToken);
    }

    /// <summary>Sends what has been written.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken = default) =>
        await _context.Response.BodyWriter.FlushAsync(cancellationToken);

    private ValueTask FlushWhenFullAsync(CancellationToken cancellationToken) =>
        _context.Response.BodyWriter.UnflushedBytes > FlushAbove ? FlushAsync(cancellationToken) : ValueTask.CompletedTask;

    private void Field(ReadOnlySpan<byte> name, string value)
    {
        var writer = _context.Response.BodyWriter;
        writer.Write(name);
        Encoding.UTF8.GetBytes(value, writer);
        writer.Write("\n"u8);
    }

    private void Line(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var writer = _context.Response.BodyWriter;
        writer.Write(name);
        writer.Write(value);
        writer.Write("\n"u8);
    }

    private static string OneLine(string value) => value.AsSpan().ContainsAny(LineEnds)
        ? throw new ArgumentException("A field of a server-sent event is one line.", nameof(value))
        : value;
}
