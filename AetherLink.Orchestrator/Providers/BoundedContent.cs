using System.Net;
using AetherLink.Orchestrator.Routing;

namespace AetherLink.Orchestrator.Providers;

/// <summary>How much is read of one answer, and of one line of it.</summary>
internal sealed record AnswerBounds(long Bytes, long LineBytes)
{
    /// <summary>An answer is a few kilobytes.</summary>
    public static AnswerBounds Whole { get; } = new(FaultHandler.MaxAnswerBytes, FaultHandler.MaxAnswerBytes);

    /// <summary>Each token comes in a frame of some hundred bytes; readers keep a line whole in memory.</summary>
    public static AnswerBounds Stream { get; } = new(8 * FaultHandler.MaxAnswerBytes, 1 << 20);
}

/// <summary>An answer of which nobody said how long it is. SDKs read whatever comes, and keep it.</summary>
internal sealed class BoundedContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly AnswerBounds _bounds;

    public BoundedContent(HttpContent inner, AnswerBounds bounds)
    {
        (_inner, _bounds) = (inner, bounds);
        foreach (var (name, values) in inner.Headers.NonValidated) Headers.TryAddWithoutValidation(name, values);
    }

    protected override async Task<Stream> CreateContentReadStreamAsync() => new BoundedStream(await _inner.ReadAsStreamAsync(), _bounds);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new BoundedStream(await _inner.ReadAsStreamAsync(cancellationToken), _bounds);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var body = await CreateContentReadStreamAsync(cancellationToken);
        await body.CopyToAsync(stream, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _inner.Dispose();
        base.Dispose(disposing);
    }

    private sealed class BoundedStream(Stream inner, AnswerBounds bounds) : Stream
    {
        private long _bytes;
        private long _line;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            Count(buffer.Span[..read]);
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = inner.Read(buffer, offset, count);
            Count(buffer.AsSpan(offset, read));
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }

        private void Count(ReadOnlySpan<byte> read)
        {
            _bytes += read.Length;
            var end = read.LastIndexOf((byte)'\n');
            _line = end < 0 ? _line + read.Length : read.Length - end - 1;
            if (_bytes > bounds.Bytes) throw Endless("the answer", bounds.Bytes);
            if (_line > bounds.LineBytes) throw Endless("a line of the answer", bounds.LineBytes);
        }

        private static ProviderFault Endless(string what, long bytes) => new(FaultKind.InvalidAnswer, $"{what} does not end within {bytes} bytes");
    }
}
