using System.Buffers;
using System.IO.Pipelines;

namespace AetherLink.Web.Live;

/// <summary>
/// For a browser whose last id is older than the ring: what is between comes from the Command Center, by a resume of its own,
/// until the ring reaches back to it.
/// </summary>
internal sealed class Backfilling(LiveHub hub, CommandCenterStream upstream) : IDisposable
{
    /// <summary>Long absences are rare, and each costs the Command Center a read of the table: a few at a time.</summary>
    private const int AtOnce = 8;

    private readonly SemaphoreSlim _turns = new(AtOnce);

    /// <returns>The number up to which the browser now has everything; null when it has to start over.</returns>
    public async Task<long?> WriteAsync(PipeWriter body, long after, string? tenant, CancellationToken cancellationToken)
    {
        if (hub.Reaches(after))
            return after;
        await _turns.WaitAsync(cancellationToken);
        try
        {
            await foreach (var (sequence, message) in upstream.ReadAsync(after, cancellationToken))
            {
                if (message is not null && message.IsFor(tenant))
                {
                    body.Write(message.Bytes.Span);
                    // Each waits for the browser, so that a slow one slows its own backfill and fills nothing.
                    await body.FlushAsync(cancellationToken);
                }
                after = sequence;
                if (hub.Reaches(after))
                    break;
            }
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
