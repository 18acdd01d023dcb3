using AetherLink.CommandCenter.Events.Committing;
using AetherLink.CommandCenter.Events.Streaming;
using Npgsql;

namespace AetherLink.CommandCenter.Events.Announcing;

/// <summary>What a work led to, and the events that tell of it.</summary>
internal readonly record struct Told<T>(T Result, params EventDraft?[] News);

/// <summary>Commits a work together with the events that tell of it: a kill leaves both, or neither.</summary>
internal sealed class Telling(NpgsqlDataSource source, IEventWriter writer, CommitSignal signal, EventMetrics metrics)
{
    public async Task<T> CommitAsync<T>(
        Func<NpgsqlConnection, NpgsqlTransaction, CancellationToken, Task<Told<T>>> work, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var told = await work(connection, transaction, cancellationToken);
        List<EventDraft> news = [.. told.News.OfType<EventDraft>()];
        if (news.Count > 0)
        {
            await writer.WriteAsync(news, connection, transaction, cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        if (news.Count > 0)
        {
            news.ForEach(metrics.Stored);
            signal.Pulse();
        }
        return told.Result;
    }
}
