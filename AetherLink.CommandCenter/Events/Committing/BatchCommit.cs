using Npgsql;

namespace AetherLink.CommandCenter.Events.Committing;

/// <summary>
/// Commits a batch. What repeats within it is stored once; when a value makes Postgres refuse it, halves of it are tried, so
/// that the one bad event is found and the others are stored.
/// </summary>
internal sealed class BatchCommit(IEventWriter writer, EventMetrics metrics)
{
    public async Task<Receipt[]> CommitAsync(IReadOnlyList<EventDraft> events, CancellationToken cancellationToken)
    {
        var receipts = new Receipt[events.Count];
        var (first, repeats) = Distinct(events);
        await CommitAsync(events, first, receipts, cancellationToken);
        foreach (var (index, original) in repeats)
        {
            receipts[index] = receipts[original] switch
            {
                { Outcome: Outcome.Rejected } rejected => rejected,
                var receipt => receipt with { Outcome = Outcome.Duplicate },
            };
            if (receipts[index].Outcome is Outcome.Duplicate)
            {
                metrics.Duplicate(sameBody: events[index].BodyHash == events[original].BodyHash);
            }
        }
        return receipts;
    }

    private async Task CommitAsync(
        IReadOnlyList<EventDraft> events, ArraySegment<int> indexes, Receipt[] receipts, CancellationToken cancellationToken)
    {
        IReadOnlyList<Written> written;
        try
        {
            written = await writer.WriteAsync([.. indexes.Select(index => events[index])], cancellationToken);
        }
        catch (PostgresException refused) when (IsAboutAValue(refused))
        {
            if (indexes.Count == 1)
            {
                receipts[indexes[0]] = new(Outcome.Rejected, default, refused.MessageText);
                return;
            }
            var half = indexes.Count / 2;
            await CommitAsync(events, indexes[..half], receipts, cancellationToken);
            await CommitAsync(events, indexes[half..], receipts, cancellationToken);
            return;
        }

        var stored = new bool[indexes.Count];
        foreach (var row in written)
        {
            stored[row.Index] = true;
            receipts[indexes[row.Index]] = new(Outcome.Stored, row.ReceivedAt);
            metrics.Stored(events[indexes[row.Index]]);
        }
        int[] missing = [.. Enumerable.Range(0, stored.Length).Where(index => !stored[index]).Select(index => indexes[index])];
        if (missing.Length == 0)
        {
            return;
        }
        var known = await writer.FindAsync([.. missing.Select(index => events[index])], cancellationToken);
        foreach (var (index, before) in missing.Zip(known))
        {
            metrics.Duplicate(before.SameBody);
            receipts[index] = new(Outcome.Duplicate, before.ReceivedAt);
        }
    }

    /// <summary>The indexes of the first of each key, and of what repeats them.</summary>
    private static (int[] First, List<(int Index, int Original)> Repeats) Distinct(IReadOnlyList<EventDraft> events)
    {
        var seen = new Dictionary<(string, string), int>(events.Count);
        var repeats = new List<(int, int)>();
        for (var index = 0; index < events.Count; index++)
        {
            if (!seen.TryAdd((events[index].TenantId, events[index].DedupeKey), index))
            {
                repeats.Add((index, seen[(events[index].TenantId, events[index].DedupeKey)]));
            }
        }
        return ([.. seen.Values.Order()], repeats);
    }

    // 22: a value that does not fit its type; 54: one beyond a limit of Postgres.
    private static bool IsAboutAValue(PostgresException refused) =>
        refused.SqlState.StartsWith("22", StringComparison.Ordinal) || refused.SqlState.StartsWith("54", StringComparison.Ordinal);
}
