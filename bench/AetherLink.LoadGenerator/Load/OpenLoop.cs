using System.Net;
using AetherLink.LoadGenerator.Http;
using AetherLink.LoadGenerator.Measuring;

namespace AetherLink.LoadGenerator.Load;

/// <summary>
/// Sends by a schedule, whether or not earlier requests are answered. A request that is due while every connection is busy
/// goes out as soon as one is free, and its latency counts from when it was due.
/// </summary>
internal sealed class OpenLoop(IPEndPoint server, int connections, Func<long, ReadOnlyMemory<byte>> request, Judge judge)
{
    /// <summary>What is not answered by then has failed, and the run ends.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Stack<HttpConnection> _free = new();
    private readonly Queue<(long Number, long DueAt)> _late = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Histogram _latency = new();
    private long _wanted;
    private long _answered;
    private long _good;
    private long _lastAnswer;

    public static Task<LoadResult> RunAsync(
        IPEndPoint server, int connections, double perSecond, TimeSpan duration, Func<long, ReadOnlyMemory<byte>> request,
        Judge judge, CancellationToken cancellationToken) =>
        new OpenLoop(server, connections, request, judge).RunAsync(perSecond, duration, cancellationToken);

    private async Task<LoadResult> RunAsync(double perSecond, TimeSpan duration, CancellationToken cancellationToken)
    {
        var all = await HttpConnection.ConnectAsync(server, connections, cancellationToken);
        try
        {
            foreach (var connection in all)
            {
                connection.OnAnswer = Answered;
                connection.OnBroken = _ => Count();
                _free.Push(connection);
            }
            var schedule = new Schedule(Clock.Now + 5_000_000, perSecond);
            _wanted = schedule.CountIn(duration);
            // A thread of its own: the pool's timers are too coarse, and its threads may be busy with answers.
            await Task.Factory.StartNew(() => Pace(schedule, cancellationToken), cancellationToken,
                TaskCreationOptions.LongRunning, TaskScheduler.Default);
            await _done.Task.WaitAsync(Patience, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            var end = _done.Task.IsCompleted ? Volatile.Read(ref _lastAnswer) : Clock.Now;
            return new(_latency, _wanted, Interlocked.Read(ref _good), TimeSpan.FromMicroseconds((end - schedule.Start) / 1e3));
        }
        finally
        {
            Array.ForEach(all, connection => connection.Dispose());
        }
    }

    private void Pace(Schedule schedule, CancellationToken cancellationToken)
    {
        Clock.BePunctual();
        for (long number = 0; number < _wanted && !cancellationToken.IsCancellationRequested; number++)
        {
            var due = schedule.DueAt(number);
            Clock.SleepUntil(due);
            HttpConnection? free;
            lock (_lock)
            {
                if (!_free.TryPop(out free))
                {
                    _late.Enqueue((number, due));
                }
            }
            if (free is not null)
            {
                Send(free, number, due);
            }
        }
    }

    private void Answered(HttpConnection connection, int status, ReadOnlySpan<byte> body)
    {
        var now = Clock.Now;
        if (judge(connection.Number, connection.DueAt, status, body))
        {
            _latency.Record(now - connection.DueAt);
            Interlocked.Increment(ref _good);
        }
        Volatile.Write(ref _lastAnswer, now);
        (long Number, long DueAt) next;
        lock (_lock)
        {
            if (!_late.TryDequeue(out next))
            {
                _free.Push(connection);
                next.DueAt = 0;
            }
        }
        if (next.DueAt != 0)
        {
            Send(connection, next.Number, next.DueAt);
        }
        Count();
    }

    private void Send(HttpConnection connection, long number, long due)
    {
        (connection.Number, connection.DueAt) = (number, due);
        connection.Send(request(number));
    }

    private void Count()
    {
        if (Interlocked.Increment(ref _answered) == _wanted)
        {
            _done.TrySetResult();
        }
    }
}
