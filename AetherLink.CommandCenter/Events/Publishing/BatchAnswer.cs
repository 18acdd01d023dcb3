using AetherLink.CommandCenter.Events.Committing;
using AetherLink.CommandCenter.Events.Validating;

namespace AetherLink.CommandCenter.Events.Publishing;

/// <summary>Puts what was refused before the commit and what the commit said back into the order of the batch.</summary>
internal static class BatchAnswer
{
    public static BatchPublished Of(IReadOnlyList<EnvelopeReading> readings, IReadOnlyList<Receipt> receipts)
    {
        var results = new List<BatchResult>(readings.Count);
        var next = 0;
        foreach (var reading in readings)
        {
            results.Add(reading.IsValid
                ? Of(results.Count, reading.Draft, receipts[next++])
                : Rejected(results.Count, reading.EventId, reading.Status, reading.Errors
                    .GroupBy(error => error.Field, error => error.Message, StringComparer.Ordinal)
                    .ToDictionary(field => field.Key, field => field.ToArray(), StringComparer.Ordinal)));
        }
        int Count(string status) => results.Count(result => result.Status == status);
        var rejected = Count("rejected");
        return new(rejected == 0 ? "ok" : "partial", results.Count, Count("stored"), Count("duplicate"), rejected, results);
    }

    private static BatchResult Of(int index, EventDraft draft, Receipt receipt) => receipt.Outcome switch
    {
        Outcome.Stored => new(index, "stored", draft.EventId, receipt.ReceivedAt, null, null),
        Outcome.Duplicate => new(index, "duplicate", draft.EventId, receipt.ReceivedAt, null, null),
        _ => Rejected(index, draft.EventId, 400,
            new Dictionary<string, string[]>(StringComparer.Ordinal) { ["payload"] = [receipt.Reason!] }),
    };

    private static BatchResult Rejected(int index, string? id, int code, IReadOnlyDictionary<string, string[]> errors) =>
        new(index, "rejected", id, null, code, errors);
}
