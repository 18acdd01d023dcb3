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
}
