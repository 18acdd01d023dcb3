using System.Buffers;
using System.IO.Pipelines;

namespace AetherLink.Web.Live;

/// <summary>
/// For a browser whose last id is older than the ring: what is between comes from the Command Center, by a resume of its own,
/// until the ring reaches back to it.
/// </summary>
internal sealed class Backfilling(LiveHub hub, CommandCenterStream upstream, TimeProvider clock) : IDisposable
{
    /// <summary>Long absences are rare, and each costs the Command Center a read of the table: a few at a time.</summary>
    internal const int AtOnce = 8;

    /// <summary>A browser gives up a stream on which it hears nothing for 40 s.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _turns = new(AtOnce);

    /// <summary>Whoever has missed much, or reads slowly, makes way for the next one, and comes again.</summary>
    internal TimeSpan LongestTurn { get; init; } = TimeSpan.FromSeconds(10);

    /// <returns>The number up to which the browser now has everything; null when it has to start over.</returns>
    public async Task<long?> WriteAsync(PipeWriter body, long after, string? tenant, CancellationToken cancellationToken)
    {
        if (hub.Reaches(after))
            return after;
        while (!await _turns.WaitAsync(Heartbeat, cancellationToken))
        {
            body.Write(LiveMessage.Heartbeat.Bytes.Span);
            await body.FlushAsync(cancellationToken);
        }
        using var over = new CancellationTokenSource(LongestTurn, clock);
        using var turn = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            await foreach (var (at, message) in upstream.ReadAsync(after, turn.Token))
            {
                if (at is not { } sequence)
                    continue;
                if (message is not null && message.IsFor(tenant))
                {
                    body.Write(message.Bytes.Span);
                    // Each waits for the browser, so that a slow one slows its own backfill and fills nothing. One that takes nothing
                    // at all loses its connection with its turn.
                    await body.FlushAsync(turn.Token);
                }
                after = sequence;
                if (hub.Reaches(after))
                    break;
            }
            return after;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // What was other tenants' has gone by without a word.
            body.Write(LiveMessage.Position(after).Bytes.Span);
            await body.FlushAsync(cancellationToken);
            return after;
        }
        catch (UnknownPositionException)
        {
            // An id of another database.
            body.Write(LiveMessage.Reset.Bytes.Span);
            return null;
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();
}
