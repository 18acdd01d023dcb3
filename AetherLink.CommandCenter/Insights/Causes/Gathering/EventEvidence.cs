using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Insights.Causes.Gathering;

/// <summary>What the events of a window say. No I/O.</summary>
internal static class EventEvidence
{
    /// <summary>One probe that was not answered well on a busy machine: not enough to speak of a fault.</summary>
    private static readonly TimeSpan Blip = TimeSpan.FromSeconds(5);

    /// <summary>After this nobody doubts it.</summary>
    private static readonly TimeSpan Sure = TimeSpan.FromSeconds(20);

    private const double OfABlip = 0.2;

    /// <summary>A heal says that somebody else found it dead; the probes say more.</summary>
    private const double OfAHeal = 0.8;

    // As Probing words it, for the one service that is probed by its storage.
    private const string StorageSilent = "The storage did not answer";
    private const string StorageAway = "The storage is away";
    private const string Silent = "No answer within";
    private const string Answered = "It answered ";
    private const string AnsweredSlowly = "It answers slowly";

    /// <param name="events">By time; those of some minutes before the window too.</param>
    /// <param name="window">The window.</param>
    /// <param name="self">The Command Center's name.</param>
    public static IEnumerable<Evidence> Of(IReadOnlyList<MeshEvent> events, Window window, string self) =>
        Failures(events, window, self).Concat(events.Where(one => window.Has(one.At)).SelectMany(Other));

    /// <summary>Each failure with what ended it.</summary>
    private static IEnumerable<Evidence> Failures(IReadOnlyList<MeshEvent> events, Window window, string self)
    {
        foreach (var service in events
            .Where(one => one is { Type: EventTypes.ServiceHealthFailed or EventTypes.ServiceHealthRecovered, Name: not null })
            .GroupBy(one => one.Name!, StringComparer.Ordinal))
        {
            MeshEvent? failed = null;
            foreach (var one in service.Append<MeshEvent?>(null))
            {
                if (failed is not null && (one is null || one.Type == EventTypes.ServiceHealthRecovered))
                {
                    var until = one?.At ?? window.To;
                    if (failed.At <= window.To && until >= window.From)
                    {
                        foreach (var evidence in Failure(failed, until, self))
                            yield return evidence;
                    }
                    failed = null;
                }
                else if (one?.Type == EventTypes.ServiceHealthFailed)
                {
                    failed ??= one;
                }
            }
        }
    }

    private static IEnumerable<Evidence> Failure(MeshEvent failed, DateTimeOffset until, string self)
    {
        var error = failed.Error ?? "";
        var kind = error.StartsWith(AnsweredSlowly, StringComparison.Ordinal) ? EvidenceKind.Slow
            : error.StartsWith(Answered, StringComparison.Ordinal) ? EvidenceKind.Erring
            : error.StartsWith(Silent, StringComparison.Ordinal) ? EvidenceKind.Stalled
            : EvidenceKind.Down;
        var lasted = until - failed.At;
        // Nobody refuses a connection for being busy.
        var strength = kind is EvidenceKind.Down ? 1 : lasted < Blip ? OfABlip : Math.Min(1, 0.5 + (lasted / Sure / 2));
        if (failed.Name == self && error.StartsWith("The storage", StringComparison.Ordinal))
        {
            // The Command Center is as well as its storage: it is the storage that was asked.
            kind = error.StartsWith(StorageSilent, StringComparison.Ordinal) ? EvidenceKind.Stalled : EvidenceKind.Down;
            strength = kind is EvidenceKind.Stalled && lasted < Blip ? OfABlip : 1;
            yield return new(Nodes.Postgres, kind, failed.At, strength, kind is EvidenceKind.Down && !error.StartsWith(StorageAway, StringComparison.Ordinal) ? error : $"{self}: {error}", failed.Id);
            kind = EvidenceKind.Erring;
        }
        yield return new(failed.Name!, kind, failed.At, strength, error.Length > 0 ? error : "It failed its probes.", failed.Id);
    }

    private static IEnumerable<Evidence> Other(MeshEvent one)
    {
        switch (one.Type)
        {
            case EventTypes.AutohealAttempted when one.Name is { } service:
                yield return one.By is { } person
                    ? new(service, EvidenceKind.Changed, one.At, 1, $"{person} asked for a {one.Status}: {one.Error}", one.Id)
                    : new(service, EvidenceKind.Down, one.At, OfAHeal, $"AutoHeal found it dead, and began a {one.Status}: {one.Error}", one.Id);
                break;
            case EventTypes.AutohealFailed or EventTypes.AutohealSuppressed when one.Name is { } service:
                yield return new(service, EvidenceKind.Down, one.At, OfAHeal, $"AutoHeal found it failing, and could not heal it: {one.Error}", one.Id);
                break;
            case EventTypes.AutohealSucceeded when one.Name is { } service:
                yield return new(service, EvidenceKind.Noticed, one.At, 1, $"{one.Type}: {one.Error}", one.Id);
                break;
            case EventTypes.ServiceVersionChanged when one.Name is { } service:
                yield return new(service, EvidenceKind.Changed, one.At, 1, $"Its version changed from {one.Status} to {one.Error}.", one.Id);
                break;
            case EventTypes.AiProviderSuspended when one.Name is { } provider:
                yield return new(Nodes.Provider(provider), EvidenceKind.Erring, one.At, 1, $"It failed until it was no longer asked: {one.Error}", one.Id);
                break;
            case EventTypes.OpsWebhookDisabled when one.Name is { } endpoint:
                yield return new(Nodes.Endpoint(endpoint), EvidenceKind.Erring, one.At, 1, "It was disabled.", one.Id);
                break;
            case EventTypes.OpsAlertRaised:
                yield return new(one.Name ?? Nodes.Tenant(one.TenantId), EvidenceKind.Noticed, one.At, 1, $"The rule {one.By} raised an alert.", one.Id);
                break;
            default:
                break;
        }
    }
}
