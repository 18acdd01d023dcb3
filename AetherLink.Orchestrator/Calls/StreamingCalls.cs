using System.Text.Json;
using System.Threading.Channels;
using AetherLink.Orchestrator.Providers;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Mvc;

namespace AetherLink.Orchestrator.Calls;

/// <summary>
/// POST /orchestrate/stream. While nothing of the answer is out, a failed provider is followed by the next one; the stream ends in
/// <c>done</c> or in <c>error</c>, and a stream that ends in neither was cut on its way.
/// </summary>
internal static class StreamingCalls
{
    /// <summary>Proxies give a silent connection up after half a minute or more.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public static async Task<IResult> StreamAsync(
        HttpContext http, CallBody body, Caller caller, Calling calling, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (call, refusal) = calling.Admit(body.Json, caller);
        if (call is null) return refusal!;

        var pieces = new Pieces();
        var running = RunAsync(calling, call, caller, pieces, cancellationToken);
        try
        {
            var stream = await EventStream.OpenAsync(http, cancellationToken);
            await WriteAsync(stream, pieces, clock, cancellationToken);
            var (name, data) = Terminal(call, await running);
            await stream.WriteAsync(name, data, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The reader left; its provider was told so by the same token.
        }
        finally
        {
            await running;
        }
        return Results.Empty;
    }

    private static async Task<CallOutcome?> RunAsync(Calling calling, Call call, Caller caller, Pieces pieces, CancellationToken cancellationToken)
    {
        try
        {
            return await calling.RunAsync(call, caller, pieces, cancellationToken);
        }
        finally
        {
            pieces.Complete();
        }
    }

    private static async Task WriteAsync(EventStream stream, Pieces pieces, TimeProvider clock, CancellationToken cancellationToken)
    {
        while (await WaitAsync(stream, pieces.WaitAsync(cancellationToken), clock, cancellationToken))
        {
            while (pieces.TryRead(out var piece))
                await stream.WriteAsync("delta", JsonSerializer.SerializeToUtf8Bytes(new Delta(piece), CallsJson.Wire.Delta), cancellationToken);
        }
    }

    private static async Task<bool> WaitAsync(EventStream stream, Task<bool> more, TimeProvider clock, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await more.WaitAsync(Heartbeat, clock, cancellationToken);
            }
            catch (TimeoutException)
            {
                await stream.CommentAsync("heartbeat", cancellationToken);
            }
        }
    }

    private static (string Name, byte[] Data) Terminal(Call call, CallOutcome? outcome) => outcome?.Outcome switch
    {
        Outcomes.Success => ("done", JsonSerializer.SerializeToUtf8Bytes(OrchestrateAnswer.Of(call, outcome), CallsJson.Wire.OrchestrateAnswer)),
        null => Error(Calling.SpoolIsFull().ProblemDetails),
        Outcomes.Rejected => Error(outcome.Rejection!.Problem().ProblemDetails),
        Outcomes.Cancelled => Error(Calling.IsStopping().ProblemDetails),
        _ => ("error", JsonSerializer.SerializeToUtf8Bytes(
            AllFailedProblem.Of(AllFailedDetail.Of(call, outcome), Calling.TraceId), CallsJson.Wire.AllFailedProblem)),
    };

    private static (string Name, byte[] Data) Error(ProblemDetails problem)
    {
        problem.Extensions["trace_id"] = Calling.TraceId;
        return ("error", JsonSerializer.SerializeToUtf8Bytes(problem, CallsJson.Wire.ProblemDetails));
    }

    /// <summary>Between the provider and the reader. Its bound is the one of an answer.</summary>
    private sealed class Pieces : IPieceSink
    {
        private readonly Channel<string> _pieces = Channel.CreateUnbounded<string>(new() { SingleReader = true, SingleWriter = true });

        public bool HasBegun { get; private set; }

        public void Write(string piece)
        {
            HasBegun = true;
            _pieces.Writer.TryWrite(piece);
        }

        public void Complete() => _pieces.Writer.TryComplete();

        public Task<bool> WaitAsync(CancellationToken cancellationToken) => _pieces.Reader.WaitToReadAsync(cancellationToken).AsTask();

        public bool TryRead(out string piece) => _pieces.Reader.TryRead(out piece!);
    }
}

/// <summary>A part of the answer's text. All of them together are the JSON that the terminal event has as <c>result</c>.</summary>
internal sealed record Delta(string Text);
