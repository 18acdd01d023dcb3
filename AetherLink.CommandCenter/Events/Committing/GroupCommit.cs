using System.Diagnostics;
using System.Threading.Channels;
using AetherLink.CommandCenter.Events.Streaming;
using Npgsql;

namespace AetherLink.CommandCenter.Events.Committing;

/// <summary>
/// The one writer. Requests queue up, it takes what is there, commits it once, and completes every request that waited. While
/// one commit is on its way the next batch gathers, so that the batch grows with the load and nobody waits for a timer. When much
/// has gathered, it is sent to Postgres already, and waits there for the lock of the writers: then neither waits for the other.
/// </summary>
internal sealed class GroupCommit(BatchCommit commit, CommitSignal signal, EventMetrics metrics, ILogger<GroupCommit> logger)
    : BackgroundService
{
    /// <summary>Beyond it a commit gets longer, and not cheaper.</summary>
    private const int MostEventsACommit = 2_000;

    /// <summary>
    /// As much as is worth a commit of its own while another is on its way. Less of it waits for the rest, since what a commit
    /// costs by itself is shared by all that is in it.
    /// </summary>
    private const int EnoughForASecond = 500;

    /// <summary>About two seconds of work at full load: whoever would wait longer is told to come back.</summary>
    private const int MostEventsWaiting = 40_000;

    /// <summary>Bounds the memory when the events are large.</summary>
    private const long MostBytesWaiting = 64 * 1024 * 1024;

    /// <summary>A commit that takes longer has lost its database.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Channel<Submission> _queue =
        Channel.CreateUnbounded<Submission>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Admission _admission = new(MostEventsWaiting, MostBytesWaiting);

    // Events that were taken from the queue, and are not committed yet.
    private int _underWay;

    /// <summary>What a caller is told who finds the queue full.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>The receipts, in the order of the events; null when the queue is full or the service is stopping.</summary>
    /// <exception cref="StorageUnavailableException">Awaiting: the storage is away; nothing was acknowledged.</exception>
    public Task<IReadOnlyList<Receipt>>? TrySubmit(IReadOnlyList<EventDraft> events)
    {
        if (events.Count == 0)
        {
            return Task.FromResult<IReadOnlyList<Receipt>>([]);
        }
        var submission = new Submission(events);
        if (!_admission.TryEnter(submission))
        {
            metrics.Refused();
            return null;
        }
        if (_queue.Writer.TryWrite(submission))
        {
            return submission.Receipts;
        }
        _admission.Leave(submission);
        return null;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // What was taken in is still committed: the reader ends when the queue is empty.
        _queue.Writer.TryComplete();
        await (ExecuteTask ?? Task.CompletedTask).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (older, newer) = (Task.CompletedTask, Task.CompletedTask);
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            await older;
            if (_admission.Events - Volatile.Read(ref _underWay) < EnoughForASecond)
            {
                await newer;
            }
            (older, newer) = (newer, CommitAsync(TakeWhatIsThere()));
        }
        await Task.WhenAll(older, newer);
    }

    private List<Submission> TakeWhatIsThere()
    {
        var taken = new List<Submission>();
        var events = 0;
        while (_queue.Reader.TryPeek(out var next)
            && (events == 0 || events + next.Events.Count <= MostEventsACommit)
            && _queue.Reader.TryRead(out next))
        {
            taken.Add(next);
            events += next.Events.Count;
        }
        Interlocked.Add(ref _underWay, events);
        return taken;
    }

    private async Task CommitAsync(List<Submission> submissions)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            EventDraft[] events = [.. submissions.SelectMany(submission => submission.Events)];
            var receipts = await commit.CommitAsync(events, patience.Token);
            signal.Pulse();
            var from = 0;
            foreach (var submission in submissions)
            {
                submission.Complete(new ArraySegment<Receipt>(receipts, from, submission.Events.Count));
                from += submission.Events.Count;
            }
            metrics.Committed(events.Length, Stopwatch.GetElapsedTime(started));
        }
        catch (Exception failure) when (failure is NpgsqlException or OperationCanceledException or TimeoutException or IOException)
        {
            Log.CommitFailed(logger, submissions.Count, failure);
            Fail(submissions, new StorageUnavailableException("The event storage does not answer.", failure));
        }
        catch (Exception unexpected)
        {
            Log.CommitBroke(logger, submissions.Count, unexpected);
            Fail(submissions, unexpected);
        }
        finally
        {
            Interlocked.Add(ref _underWay, -submissions.Sum(submission => submission.Events.Count));
            submissions.ForEach(_admission.Leave);
        }
    }

    private static void Fail(List<Submission> submissions, Exception failure) =>
        submissions.ForEach(submission => submission.Fail(failure));
}
