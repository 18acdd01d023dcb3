using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Committing;
using FsCheck;
using FsCheck.Fluent;
using Npgsql;
using Outcome = AetherLink.CommandCenter.Events.Committing.Outcome;

namespace AetherLink.Tests.CommandCenter;

/// <summary>Batches with repetitions and bad events, held against storing them one by one.</summary>
public sealed class BatchCommitProperties
{
    private static readonly Arbitrary<(int Id, bool Bad)[]> Batches =
        (from id in Gen.Choose(0, 12)
         from bad in Gen.Frequency((8, Gen.Constant(false)), (1, Gen.Constant(true)))
         select (id, bad)).ArrayOf().ToArbitrary();

    [Fact]
    public void Batch_has_the_outcomes_of_its_events_one_by_one() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(40), Prop.ForAll(Batches, batch =>
        {
            EventDraft[] events = [.. batch.Select(one => Envelopes.Draft($"e{one.Id}", payload: one.Bad ? "bad" : "{}"))];
            var (together, apart) = (new Table(), new Table());

            var receipts = Commit(together, events);
            var expected = events.Select(one => Commit(apart, [one])[0]).ToList();

            // Of several under one id only the first of a batch is tried: it decides for its repetitions.
            return Firsts(events).All(at => receipts[at].Outcome == expected[at].Outcome)
                && together.Rows.Count <= apart.Rows.Count
                && receipts.Count(receipt => receipt.Outcome is Outcome.Stored) == together.Rows.Count;
        }));

    [Fact]
    public void Batch_that_the_storage_does_not_take_is_not_halved()
    {
        var table = new Table { Failure = new NpgsqlException("away") };

        Assert.Throws<NpgsqlException>(() => Commit(table, [Envelopes.Draft("a"), Envelopes.Draft("b")]));
        Assert.Equal(1, table.Writes);
    }

    private static IEnumerable<int> Firsts(EventDraft[] events) =>
        Enumerable.Range(0, events.Length).Where(at => events.Take(at).All(other => other.EventId != events[at].EventId));

    private static Receipt[] Commit(Table table, EventDraft[] events) =>
        new BatchCommit(table, Meters.Events).CommitAsync(events, CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>A table that refuses a whole batch for one bad event, as Postgres does.</summary>
    private sealed class Table : IEventWriter
    {
        public HashSet<string> Rows { get; } = [];

        public Exception? Failure { get; init; }

        public int Writes { get; private set; }

        public Task<IReadOnlyList<Written>> WriteAsync(IReadOnlyList<EventDraft> events, CancellationToken cancellationToken)
        {
            Writes++;
            if (Failure is not null)
            {
                throw Failure;
            }
            if (events.Any(one => one.Payload.Length == 3))
            {
                throw new PostgresException("bad", "ERROR", "ERROR", "22P02");
            }
            IReadOnlyList<Written> written =
                [.. events.Select((one, at) => (one, at)).Where(row => Rows.Add(row.one.EventId)).Select(row => new Written(row.at, Rows.Count, default))];
            return Task.FromResult(written);
        }

        public Task<IReadOnlyList<Written>> WriteAsync(
            IReadOnlyList<EventDraft> events, NpgsqlConnection connection, NpgsqlTransaction? transaction, CancellationToken cancellationToken) =>
            WriteAsync(events, cancellationToken);

        public void AddTo(NpgsqlBatch batch, IReadOnlyList<EventDraft> events) => throw new NotSupportedException();

        public Task<Known[]> FindAsync(IReadOnlyList<EventDraft> duplicates, CancellationToken cancellationToken) =>
            Task.FromResult<Known[]>([.. duplicates.Select(_ => new Known(default, SameBody: true))]);
    }
}
