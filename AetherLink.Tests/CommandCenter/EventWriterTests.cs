using AetherLink.CommandCenter.Events.Committing;
using AetherLink.CommandCenter.Events.Querying;
using AetherLink.Tests.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AetherLink.Tests.CommandCenter;

public sealed class EventWriterTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task Numbers_are_the_order_of_commits_over_all_writers_without_gaps()
    {
        await using var service = await RunningCommandCenter.StartAsync(database.ConnectionString);
        var source = service.Services.GetRequiredService<NpgsqlDataSource>();
        var reader = new EventReader(source);
        await new EventWriter(source, new()).WriteAsync([Envelopes.Draft("known", tenant: "known")], CancellationToken.None);
        var from = await reader.HeadAsync(CancellationToken.None);
        using var done = new CancellationTokenSource();

        var watching = WatchAsync(reader, from, done.Token);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => WriteAsync(new EventWriter(source, new()), writer)));
        await done.CancelAsync();

        var (seen, gaps) = await watching;
        var all = await reader.AfterAsync(from, long.MaxValue, EventFilter.All with { TenantId = "order" }, 10_000, CancellationToken.None);
        Assert.Equal(4 * 40 * 5, all.Count);
        Assert.Equal(0, gaps);
        Assert.True(seen > 0);
        Assert.Equal(all.Select(one => one.ReceivedAt).Order(), all.Select(one => one.ReceivedAt));
    }

    /// <summary>A writer that waits has no number yet: it would be one that comes after those that are committed meanwhile, and is before them.</summary>
    [Fact]
    public async Task Numbers_are_given_out_under_the_lock_of_the_writers_and_not_before_it()
    {
        await using var service = await RunningCommandCenter.StartAsync(database.ConnectionString);
        var source = service.Services.GetRequiredService<NpgsqlDataSource>();
        await using var holding = await source.OpenConnectionAsync();
        await using var waiting = await source.OpenConnectionAsync();
        await using var transaction = await holding.BeginTransactionAsync();

        var first = await WriteOneAsync("first", source, holding, transaction);
        var late = WriteOneAsync("late", source, waiting, transaction: null);
        await Eventually.True(() => IsWaitingAsync(source, waiting.ProcessID), TimeSpan.FromSeconds(10), "the other waits for the lock");
        var second = await WriteOneAsync("second", source, holding, transaction);
        await transaction.CommitAsync();

        Assert.Equal(first + 1, second);
        Assert.True(await late > second);
    }

    private static async Task<long> WriteOneAsync(string id, NpgsqlDataSource source, NpgsqlConnection connection, NpgsqlTransaction? transaction)
    {
        var written = await new EventWriter(source, new()).WriteAsync([Envelopes.Draft(id, tenant: "lock")], connection, transaction, CancellationToken.None);
        return Assert.Single(written).Sequence;
    }

    private static async Task<bool> IsWaitingAsync(NpgsqlDataSource source, int backend)
    {
        await using var command = source.CreateCommand("select exists (select from pg_locks where pid = $1 and locktype = 'advisory' and not granted)");
        command.Parameters.Add(new() { Value = backend });
        return await command.ExecuteScalarAsync() is true;
    }

    private static async Task WriteAsync(EventWriter writer, int number)
    {
        for (var batch = 0; batch < 40; batch++)
        {
            var events = Enumerable.Range(0, 5).Select(n => Envelopes.Draft($"{number}-{batch}-{n}", tenant: "order")).ToList();
            // One that is known already, so that numbers given to it would leave a gap.
            events.Insert(2, Envelopes.Draft("known", tenant: "known"));
            var written = await writer.WriteAsync(events, CancellationToken.None);
            Assert.Equal([0, 1, 3, 4, 5], written.Select(row => row.Index).Order());
        }
    }

    /// <summary>Whoever reads the feed while it grows must never find a number whose predecessor comes later.</summary>
    private static async Task<(long Seen, int Gaps)> WatchAsync(EventReader reader, long position, CancellationToken done)
    {
        var (seen, gaps) = (0L, 0);
        while (!done.IsCancellationRequested)
        {
            foreach (var one in await reader.AfterAsync(position, long.MaxValue, EventFilter.All, 1_000, CancellationToken.None))
            {
                gaps += one.Sequence == position + 1 ? 0 : 1;
                position = one.Sequence;
                seen++;
            }
        }
        return (seen, gaps);
    }

    [Fact]
    public async Task Payload_comes_back_as_the_value_it_was()
    {
        await using var service = await RunningCommandCenter.StartAsync(database.ConnectionString);
        var source = service.Services.GetRequiredService<NpgsqlDataSource>();
        const string payload = """{"text":"é \" \\ \n 😀","number":1.50,"list":[1,null,true],"empty":{}}""";

        await new EventWriter(source, new()).WriteAsync([Envelopes.Draft("p", tenant: "payload", payload: payload)], CancellationToken.None);
        var stored = Assert.Single(await new EventReader(source).BeforeAsync(
            long.MaxValue, EventFilter.All with { TenantId = "payload" }, 10, CancellationToken.None));

        Assert.True(System.Text.Json.Nodes.JsonNode.DeepEquals(
            System.Text.Json.Nodes.JsonNode.Parse(payload), System.Text.Json.Nodes.JsonNode.Parse(stored.Payload.Utf8.Span)));
    }

    [Fact]
    public async Task Events_of_a_callers_transaction_are_there_with_its_commit_and_not_before()
    {
        await using var service = await RunningCommandCenter.StartAsync(database.ConnectionString);
        var source = service.Services.GetRequiredService<NpgsqlDataSource>();
        using var client = service.Client(tenant: "within");

        await WriteWithinAsync(new EventWriter(source, new()), source, "kept", commit: true);
        await WriteWithinAsync(new EventWriter(source, new()), source, "rolled-back", commit: false);

        Assert.Equal(["kept"], await client.IdsAsync());
    }

    private static async Task WriteWithinAsync(EventWriter writer, NpgsqlDataSource source, string id, bool commit)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var written = await writer.WriteAsync([Envelopes.Draft(id, tenant: "within")], connection, transaction, CancellationToken.None);
        Assert.Single(written);
        await (commit ? transaction.CommitAsync() : transaction.RollbackAsync());
    }
}
