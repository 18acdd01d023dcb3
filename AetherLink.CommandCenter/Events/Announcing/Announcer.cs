using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace AetherLink.CommandCenter.Events.Announcing;

/// <summary>An own event that waits for the storage.</summary>
/// <param name="Event">The event; its id is made once, so that it is stored once however often it is tried.</param>
/// <param name="Change">The change that it tells of, which every replica sees for itself.</param>
internal sealed record Announcement(EventDraft Event, Change Change);

/// <summary>
/// What this replica sees of others, such as their health. It waits in memory while the storage is away: a kill forgets it, and
/// the next process sees for itself how things stand, and tells it unless that was told before. What the Command Center does
/// itself is told in the transaction that does it instead.
/// </summary>
internal sealed class Announcer(OwnDrafts drafts, TimeProvider clock, ILogger<Announcer> logger)
{
    /// <summary>A mesh of a thousand services that goes down and comes up five times; some 10 MB.</summary>
    private const int MostWaiting = 10_000;

    private readonly Channel<Announcement> _waiting = Channel.CreateBounded<Announcement>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    public ChannelReader<Announcement> Waiting => _waiting.Reader;

    /// <summary>Announces what every replica sees for itself: it is stored once, and none that saw it later tells it again.</summary>
    /// <param name="subject">What has changed.</param>
    /// <param name="state">What it is now.</param>
    /// <param name="type">The event's type.</param>
    /// <param name="severity">The event's severity.</param>
    /// <param name="payload">The event's payload.</param>
    /// <param name="isFirstSight">It may have been so all the time: then it is news only if something else was announced before.</param>
    public void AnnounceChange(string subject, string state, string type, Severity severity, JsonObject payload, bool isFirstSight = false)
    {
        if (drafts.Make(type, severity, payload) is { } draft
            && !_waiting.Writer.TryWrite(new(draft, new(subject, state, clock.GetTimestamp(), isFirstSight))))
        {
            Log.AnnouncementLost(logger, type);
        }
    }
}
