using AetherLink.CommandCenter.Operators;
using FsCheck;
using FsCheck.Fluent;

namespace AetherLink.Tests.CommandCenter.Operators;

/// <summary>The chain shows every change that somebody could make to it.</summary>
public sealed class ChainProperties
{
    // Few letters, so that fields that run into each other would be the same bytes.
    private static readonly Gen<string> Text = Gen.Elements("", "a", "b", "ab", "ba", "aa");

    private static readonly Gen<AuditEntry> Entries =
        from at in Gen.Choose(0, 3)
        from actor in Text
        from roles in Gen.ListOf(Text, 2)
        from texts in Gen.ArrayOf(Text.OrNull(), 8)
        select new AuditEntry(
            DateTimeOffset.UnixEpoch.AddSeconds(at), actor, [.. roles], texts[0], texts[1] ?? "", texts[2] ?? "", texts[3], texts[4], texts[5], texts[6],
            texts[7]);

    private static Arbitrary<(AuditEntry[] Entries, int Place, AuditEntry Other)> Cases =>
        (from entries in Gen.NonEmptyListOf(Entries)
         from place in Gen.Choose(0, entries.Count - 1)
         from other in Entries
         select (entries.ToArray(), place, other)).ToArbitrary();

    [Fact]
    public void Chain_that_nobody_touched_is_intact() => Prop.ForAll(Cases, one =>
    {
        var (rows, head) = Chained(one.Entries);
        return Broken(rows, head) is null;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Entry_that_was_changed_is_named() => Prop.ForAll(Cases, one =>
    {
        var (rows, head) = Chained(one.Entries);
        rows[one.Place] = rows[one.Place] with { Entry = one.Other };
        return Same(one.Entries[one.Place], one.Other)
            ? Broken(rows, head) is null
            : Broken(rows, head)?.Seq == one.Place + 1;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Entry_that_was_changed_with_all_hashes_made_anew_no_longer_ends_at_the_head() => Prop.ForAll(Cases, one =>
    {
        var (_, head) = Chained(one.Entries);
        var (rows, _) = Chained([.. one.Entries.Select((entry, place) => place == one.Place ? one.Other : entry)]);
        return Same(one.Entries[one.Place], one.Other) || Broken(rows, head) is not null;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Entry_that_was_removed_is_named() => Prop.ForAll(Cases, one =>
    {
        var (rows, head) = Chained(one.Entries);
        rows.RemoveAt(one.Place);
        return Broken(rows, head)?.Seq == one.Place + 1;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Entry_that_was_put_behind_the_end_is_named() => Prop.ForAll(Cases, one =>
    {
        var (rows, head) = Chained(one.Entries);
        rows.Add(new(head.Seq + 1, one.Other, head.Append(one.Other).Hash));
        return Broken(rows, head)?.Seq == head.Seq + 1;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_retention_left_is_still_intact() => Prop.ForAll(Cases, one =>
    {
        var (rows, head) = Chained(one.Entries);
        var last = rows[one.Place];
        return Broken(rows[(one.Place + 1)..], head with { PrunedSeq = last.Seq, PrunedHash = last.Hash }) is null;
    }).QuickCheckThrowOnFailure();

    private static (List<ChainedEntry> Rows, ChainHead Head) Chained(IEnumerable<AuditEntry> entries)
    {
        var (rows, head) = (new List<ChainedEntry>(), ChainHead.Empty);
        foreach (var entry in entries)
        {
            head = head.Append(entry);
            rows.Add(new(head.Seq, entry, head.Hash));
        }
        return (rows, head);
    }

    private static BrokenLink? Broken(IEnumerable<ChainedEntry> rows, ChainHead head)
    {
        var check = new ChainCheck(head);
        return rows.Select(check.Follow).FirstOrDefault(link => link is not null) ?? check.End();
    }

    /// <summary>Records compare lists by reference.</summary>
    private static bool Same(AuditEntry one, AuditEntry other) =>
        one.Roles.SequenceEqual(other.Roles) && one with { Roles = [] } == other with { Roles = [] };
}
