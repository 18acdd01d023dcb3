using AetherLink.CommandCenter.Events.Committing;
using AetherLink.CommandCenter.Events.Validating;

namespace AetherLink.CommandCenter.Events.Publishing;

/// <summary>Puts what was refused before the commit and what the commit said back into the order of the batch.</summary>
internal static class BatchAnswer
{
    public static BatchPublished Of(
        IReadOnlyList<int?> lines, IReadOnlyList<EnvelopeReading> readings, IReadOnlyList<Receipt> receipts)
    {
        var results = new List<BatchResult>(readings.Count);
        var next = 0;
        foreach (var reading in readings)
        {
            var at = results.Count;
            results.Add((reading.IsValid ? Of(reading.Draft, receipts[next++]) : Rejected(reading)) with { Index = at, Line = lines[at] });
        }
        int Count(string status) => results.Count(result => result.Status == status);
        var rejected = Count("rejected");
        return new(rejected == 0 ? "ok" : "partial", results.Count, Count("stored"), Count("duplicate"), rejected, results);
    }

    private static BatchResult Of(EventDraft draft, Receipt receipt) => receipt.Outcome switch
    {
        Outcome.Stored => new(0, null, "stored", draft.EventId, receipt.ReceivedAt, null, null),
        Outcome.Duplicate => new(0, null, "duplicate", draft.EventId, receipt.ReceivedAt, null, null),
        _ => Rejected(draft.EventId, 400, new Dictionary<string, string[]>(StringComparer.Ordinal) { ["payload"] = [receipt.Reason!] }),
    };

    private static BatchResult Rejected(EnvelopeReading reading) => Rejected(reading.EventId, reading.Status, reading.Errors
        .GroupBy(error => error.Field, error => error.Message, StringComparer.Ordinal)
        .ToDictionary(field => field.Key, field => field.ToArray(), StringComparer.Ordinal));

    private static BatchResult Rejected(string? id, int code, IReadOnlyDictionary<string, string[]> errors) =>
        new(0, null, "rejected", id, null, code, errors);
}
