using System.Collections.Concurrent;
using AetherLink.ServiceDefaults;

namespace AetherLink.Tests.ServiceDefaults;

/// <summary>Takes the records of topics at their spools, in the broker's place, until it is disposed of.</summary>
internal sealed class SpoolCatcher : IAsyncDisposable
{
    private readonly CancellationTokenSource _ends = new();
    private readonly List<Task> _catching = [];

    public void Catch<T>(SpooledTopic topic, ConcurrentQueue<T> into, Func<byte[], T> read) =>
        _catching.Add(topic.DrainAsync(new Writer<T>(into, read), _ends.Token));

    /// <summary>One that has stopped by itself is told of: what is asked of the records would be asked only of those before.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        // All of them have ended when one is told of: the spools are closed next.
        await Task.WhenAll(_catching.Select(EndAsync));
        _ends.Dispose();
    }

    private async Task EndAsync(Task catching)
    {
        try
        {
            await catching;
        }
        catch (OperationCanceledException canceled) when (canceled.CancellationToken == _ends.Token)
        {
            // That is how it ends.
        }
    }

    private sealed class Writer<T>(ConcurrentQueue<T> into, Func<byte[], T> read) : ITopicWriter
    {
        public Task<IReadOnlyList<Rejection>> WriteAsync(IReadOnlyList<SpooledRecord> records, CancellationToken cancellationToken)
        {
            foreach (var record in records)
                into.Enqueue(read(record.Value));
            return Task.FromResult<IReadOnlyList<Rejection>>([]);
        }

        public void Dispose()
        {
        }
    }
}
