using System.Net;
using AetherLink.LoadGenerator.Http;
using AetherLink.LoadGenerator.Measuring;

namespace AetherLink.LoadGenerator.Load;

/// <summary>
/// Every connection sends again as soon as it is answered: finds the ceiling of a server. It says nothing about latency,
/// since it waits for the server it measures.
/// </summary>
internal static class ClosedLoop
{
    public static async Task<LoadResult> RunAsync(
        IPEndPoint server, int connections, TimeSpan duration, Func<long, ReadOnlyMemory<byte>> request, Judge judge,
        CancellationToken cancellationToken)
    {
        var all = await HttpConnection.ConnectAsync(server, connections, cancellationToken);
        try
        {
            long sent = 0, answered = 0, good = 0;
            var start = Clock.Now;
            var end = start + (long)(duration.TotalSeconds * 1e9);
            void Next(HttpConnection connection)
            {
                connection.Number = Interlocked.Increment(ref sent) - 1;
                connection.DueAt = Clock.Now;
                connection.Send(request(connection.Number));
            }
            foreach (var connection in all)
            {
                connection.OnAnswer = (from, status, body) =>
                {
                    if (Clock.Now >= end)
                    {
                        return;
                    }
                    Interlocked.Increment(ref answered);
                    if (judge(from.Number, from.DueAt, status, body))
                    {
                        Interlocked.Increment(ref good);
                    }
                    Next(from);
                };
                Next(connection);
            }
            await Task.Delay(duration, cancellationToken);
            return new(new(), Interlocked.Read(ref answered), Interlocked.Read(ref good), duration);
        }
        finally
        {
            Array.ForEach(all, connection => connection.Dispose());
        }
    }

    /// <summary>The same for so many requests, however long they take. One whose connection breaks has failed.</summary>
    public static async Task<LoadResult> RunAsync(
        IPEndPoint server, int connections, long count, Func<long, ReadOnlyMemory<byte>> request, Judge judge, CancellationToken cancellationToken)
    {
        var all = await HttpConnection.ConnectAsync(server, connections, cancellationToken);
        try
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            long sent = 0, good = 0, open = all.Length;
            var start = Clock.Now;
            void Next(HttpConnection connection)
            {
                var number = Interlocked.Increment(ref sent) - 1;
                if (number >= count)
                {
                    connection.OnBroken = static _ => { };
                    Close(connection);
                    return;
                }
                (connection.Number, connection.DueAt) = (number, Clock.Now);
                connection.Send(request(number));
            }
            void Close(HttpConnection connection)
            {
                if (Interlocked.Decrement(ref open) == 0)
                {
                    done.TrySetResult();
                }
            }
            foreach (var connection in all)
            {
                connection.OnAnswer = (from, status, body) =>
                {
                    if (judge(from.Number, from.DueAt, status, body))
                    {
                        Interlocked.Increment(ref good);
                    }
                    Next(from);
                };
                connection.OnBroken = Close;
                Next(connection);
            }
            await done.Task.WaitAsync(cancellationToken);
            return new(new(), Math.Min(Interlocked.Read(ref sent), count), Interlocked.Read(ref good), TimeSpan.FromMicroseconds((Clock.Now - start) / 1e3));
        }
        finally
        {
            Array.ForEach(all, connection => connection.Dispose());
        }
    }
}
