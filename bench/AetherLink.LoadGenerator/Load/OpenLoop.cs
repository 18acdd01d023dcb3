using System.Net;
using System.Net.Sockets;
using AetherLink.LoadGenerator.Http;
using AetherLink.LoadGenerator.Measuring;

namespace AetherLink.LoadGenerator.Load;

/// <summary>
/// Sends by a schedule, whether or not earlier requests are answered. A request that is due while every connection is busy
/// goes out as soon as one is free, and its latency counts from when it was due.
/// </summary>
internal sealed class OpenLoop(IPEndPoint server, int connections, Func<long, ReadOnlyMemory<byte>> request, Judge judge, bool reconnects)
{
    /// <summary>What is not answered by then has failed, and the run ends.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly List<HttpConnection> _all = [];
    private readonly Stack<HttpConnection> _free = new();
    private readonly Queue<(long Number, long DueAt)> _late = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Histogram _latency = new();
    private long _wanted;
    private long _answered;
    private long _good;
    private long _lastAnswer;
    private long _reconnected;
    private bool _isOver;

    /// <param name="server">Who is asked.</param>
    /// <param name="connections">How many requests can be under way.</param>
    /// <param name="perSecond">How many are due.</param>
    /// <param name="duration">For how long.</param>
    /// <param name="request">The bytes of each.</param>
    /// <param name="judge">Whether its answer is good.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="reconnects">
    /// A server may end a connection that it has kept alive, and a request that crosses with that is sent once more, as any client of
    /// HTTP does (RFC 9112, 9.3.1). It is late by that, and counted. Otherwise it has failed: a service of ours has no reason to.
    /// </param>
    public static Task<LoadResult> RunAsync(
        IPEndPoint server, int connections, double perSecond, TimeSpan duration, Func<long, ReadOnlyMemory<byte>> request,
        Judge judge, CancellationToken cancellationToken, bool reconnects = false) =>
        new OpenLoop(server, connections, request, judge, reconnects).RunAsync(perSecond, duration, cancellationToken);

    private async Task<LoadResult> RunAsync(double perSecond, TimeSpan duration, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var connection in await HttpConnection.ConnectAsync(server, connections, cancellationToken)) Use(connection);
            var schedule = new Schedule(Clock.Now + 5_000_000, perSecond);
            _wanted = schedule.CountIn(duration);
            // A thread of its own: the pool's timers are too coarse, and its threads may be busy with answers.
            await Task.Factory.StartNew(() => Pace(schedule, cancellationToken), cancellationToken,
                TaskCreationOptions.LongRunning, TaskScheduler.Default);
            await _done.Task.WaitAsync(Patience, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            var end = _done.Task.IsCompleted ? Volatile.Read(ref _lastAnswer) : Clock.Now;
            return new(_latency, _wanted, Interlocked.Read(ref _good), TimeSpan.FromMicroseconds((end - schedule.Start) / 1e3))
            {
                Reconnected = Interlocked.Read(ref _reconnected),
            };
        }
        finally
        {
            lock (_lock)
            {
                _isOver = true;
                _all.ForEach(connection => connection.Dispose());
            }
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
                while (_free.TryPop(out free) && free.IsClosed)
                {
                    // Another has taken its place, where there is one.
                }
                if (free is null)
                {
                    _late.Enqueue((number, due));
                }
                else
                {
                    Begin(free, number, due);
                }
            }
            free?.Send(request(number));
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
        SendNext(connection);
        Count();
    }

    /// <summary>A connection that has nothing to do.</summary>
    private void Use(HttpConnection connection)
    {
        connection.OnAnswer = Answered;
        connection.OnBroken = Broken;
        lock (_lock)
        {
            _all.Add(connection);
            if (_isOver) connection.Dispose();
        }
        SendNext(connection);
    }

    private void SendNext(HttpConnection connection)
    {
        long number;
        lock (_lock)
        {
            if (!_late.TryDequeue(out var next))
            {
                connection.IsBusy = false;
                _free.Push(connection);
                return;
            }
            number = next.Number;
            Begin(connection, number, next.DueAt);
        }
        connection.Send(request(number));
    }

    private static void Begin(HttpConnection connection, long number, long due) =>
        (connection.Number, connection.DueAt, connection.IsBusy) = (number, due, true);

    private void Broken(HttpConnection connection)
    {
        lock (_lock)
        {
            if (_isOver) return;
            if (connection.IsBusy && reconnects && connection.WasKeptAlive)
            {
                _late.Enqueue((connection.Number, connection.DueAt));
                connection.IsBusy = false;
            }
        }
        if (connection.IsBusy) Count();
        // Whoever ends connections before they were used would be asked for the next one for ever.
        if (reconnects && (connection.IsBusy || connection.WasKeptAlive)) _ = ReplaceAsync();
    }

    private async Task ReplaceAsync()
    {
        Interlocked.Increment(ref _reconnected);
        try
        {
            Use(await HttpConnection.ConnectAsync(server, CancellationToken.None));
        }
        catch (SocketException)
        {
            // One fewer: what it would have sent is late, and in the end has failed.
        }
    }

    private void Count()
    {
        if (Interlocked.Increment(ref _answered) == _wanted)
        {
            _done.TrySetResult();
        }
    }
}
