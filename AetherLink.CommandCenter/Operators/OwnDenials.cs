using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Announcing;
using AetherLink.CommandCenter.Events.Committing;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Operators;

/// <summary>Stores the Command Center's own denials where all events are; nobody waits for it.</summary>
internal sealed class OwnDenials(OwnDrafts drafts, GroupCommit commit, ILogger<OwnDenials> logger) : IDenialSink
{
    public void Take(OpsEvent denial)
    {
        var severity = denial.Severity == Severities.Warning ? Severity.Warning : Severity.Info;
        if (drafts.Make(denial.EventType, severity, denial.Payload, denial.TenantId) is { } draft)
        {
            _ = StoreAsync(draft);
        }
    }

    private async Task StoreAsync(EventDraft draft)
    {
        try
        {
            if (commit.TrySubmit([draft]) is { } receipts)
            {
                await receipts;
                return;
            }
            Log.DenialNotStored(logger, "the queue is full, or the service is stopping");
        }
        catch (StorageUnavailableException away)
        {
            Log.DenialNotStored(logger, away.InnerException?.Message ?? away.Message);
        }
    }
}
