using System.Text.Json;

namespace AetherLink.CommandCenter.Operators;

/// <summary>An entry as it is shown.</summary>
internal sealed record AuditView(
    long Sequence, DateTimeOffset At, string Actor, IReadOnlyList<string> Roles, string? TenantId, string Action, string Target,
    JsonElement? Before, JsonElement? After, string? Address, string? TraceId, string Hash, string? Subject)
{
    public static AuditView Of(ChainedEntry row) => new(
        row.Seq, row.Entry.At, row.Entry.Actor, row.Entry.Roles, row.Entry.TenantId, row.Entry.Action, row.Entry.Target,
        Json(row.Entry.Before), Json(row.Entry.After), row.Entry.Address, row.Entry.TraceId, Convert.ToHexStringLower(row.Hash), row.Entry.Subject);

    private static JsonElement? Json(string? text) => text is null ? null : JsonElement.Parse(text);
}

internal sealed record AuditPage(string Status, int Count, string? NextCursor, IReadOnlyList<AuditView> Entries);

/// <param name="Status">ok.</param>
/// <param name="Hours">The span.</param>
/// <param name="Total">All entries in it.</param>
/// <param name="ByAction">By what was done.</param>
/// <param name="ByActor">By who did it: the most active hundred.</param>
internal sealed record AuditStatsAnswer(
    string Status, int Hours, long Total, IReadOnlyDictionary<string, long> ByAction, IReadOnlyDictionary<string, long> ByActor);

/// <param name="Status">intact or broken.</param>
/// <param name="Checked">How many entries held.</param>
/// <param name="FirstSequence">The first that retention has left.</param>
/// <param name="LastSequence">The last; 0 before the first.</param>
/// <param name="HeadHash">The last one's hash: kept elsewhere, it shows a chain that was written anew.</param>
/// <param name="FirstBroken">Where the chain breaks first.</param>
internal sealed record AuditVerification(
    string Status, long Checked, long FirstSequence, long LastSequence, string HeadHash, BrokenLink? FirstBroken);
