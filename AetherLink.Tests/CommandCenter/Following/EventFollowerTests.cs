using System.Diagnostics;
using AetherLink.CommandCenter.Following;
using AetherLink.Tests.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AetherLink.Tests.CommandCenter.Following;

public sealed class EventFollowerTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private static readonly TimeSpan Takeover = TimeSpan.FromSeconds(5);

    private RunningCommandCenter _service = null!;

    private NpgsqlDataSource Source => _service.Services.GetRequiredService<NpgsqlDataSource>();

    public async Task InitializeAsync()
    {
        _service = await RunningCommandCenter.StartAsync(database.ConnectionString);
        await RecordingFollower.MakeTableAsync(Source);
    }

    public Task DisposeAsync() => _service.DisposeAsync().AsTask();

    [Fact]
    public async Task Another_takes_over_within_five_seconds_when_the_leader_is_killed_and_nothing_is_missed_or_handled_twice()
    {
        using var first = await LeadingAsync("killed", "first");
        using var second = Follower("killed", "second");
        await second.StartAsync(default);
        using var client = _service.Client();
        using var enough = new CancellationTokenSource();
        var publishing = PublishUntilAsync(client, enough.Token);
        await Eventually.True(() => first.Handled > 20, 4 * Takeover);

        first.IsDead = true;
        var watch = Stopwatch.StartNew();
        Assert.Equal(1, await KillLeaderAsync("killed"));
        await Eventually.True(() => second.Handled > 0, Takeover, "the takeover");
        Assert.True(watch.Elapsed < Takeover);

        await enough.CancelAsync();
        var published = await publishing;
        await Eventually.True(async () => (await RecordingFollower.HandledAsync(Source, "killed")).Length >= published.Count, Takeover);
        Assert.Equal(published.Order(), await RecordingFollower.HandledAsync(Source, "killed"));
        Assert.True(first.Handled < published.Count);
        await Task.WhenAll(first.StopAsync(default), second.StopAsync(default));
    }

    [Fact]
    public async Task Page_comes_again_when_a_statement_of_its_handler_fails_and_nothing_of_it_was_committed()
    {
        using var follower = await LeadingAsync("throws", "only");
        follower.Failures = 2;
        using var client = _service.Client();
        using var published = await client.PublishAsync("thrown");

        await Eventually.True(() => follower.Failures == 1, Takeover);
        Assert.Empty(await RecordingFollower.HandledAsync(Source, "throws"));
        await Eventually.True(() => follower.Handled > 0, TimeSpan.FromSeconds(10));

        Assert.Contains("thrown", await RecordingFollower.HandledAsync(Source, "throws"));
        await follower.StopAsync(default);
    }

    [Fact]
    public async Task Nothing_is_committed_when_another_has_moved_the_position()
    {
        await using var connection = await Source.OpenConnectionAsync();
        var at = await FollowerPosition.ReadAsync("moved", connection, default);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new("insert into handled values ('moved', 'only', 'e')"), FollowerPosition.Moving("moved", at + 1, at + 2) },
        };

        var refused = await Assert.ThrowsAsync<PostgresException>(() => batch.ExecuteNonQueryAsync());

        Assert.Equal(PostgresErrorCodes.DivisionByZero, refused.SqlState);
        Assert.Empty(await RecordingFollower.HandledAsync(Source, "moved"));
        Assert.Equal(at, await FollowerPosition.ReadAsync("moved", connection, default));
    }

    [Fact]
    public async Task Follower_begins_at_the_head_and_goes_on_where_it_stopped()
    {
        using var client = _service.Client();
        using var before = await client.PublishAsync("before");
        using (var follower = await LeadingAsync("stops", "first"))
        {
            using var during = await client.PublishAsync("during");
            await Eventually.True(() => follower.Handled > 0, Takeover);
            await follower.StopAsync(default);
        }
        using var meanwhile = await client.PublishAsync("meanwhile");
        using var again = await LeadingAsync("stops", "second");

        await Eventually.True(() => again.Handled > 0, Takeover);

        var handled = await RecordingFollower.HandledAsync(Source, "stops");
        Assert.DoesNotContain("before", handled);
        Assert.Contains("during", handled);
        Assert.Contains("meanwhile", handled);
        await again.StopAsync(default);
    }

    private RecordingFollower Follower(string name, string replica) =>
        new(name, replica, _service.Services.GetRequiredService<FollowerServices>());

    private async Task<RecordingFollower> LeadingAsync(string name, string replica)
    {
        var follower = Follower(name, replica);
        await follower.StartAsync(default);
        await Eventually.True(() => follower.Leads, Takeover, "the lead");
        return follower;
    }

    private static async Task<List<string>> PublishUntilAsync(HttpClient client, CancellationToken enough)
    {
        var ids = new List<string>();
        while (!enough.IsCancellationRequested)
        {
            ids.Add($"load-{ids.Count:D6}");
            using var published = await client.PublishAsync(ids[^1]);
            published.EnsureSuccessStatusCode();
        }
        return ids;
    }

    private async Task<long> KillLeaderAsync(string name)
    {
        await using var kill = Source.CreateCommand(
            """
            select count(pg_terminate_backend(pid)) from pg_locks
            where locktype = 'advisory' and classid = $1::bigint::oid and objid = (hashtext($2)::bigint & 4294967295)::oid
                and database = (select oid from pg_database where datname = current_database())
            """);
        kill.Parameters.Add(new() { Value = 0x666f6c6cL });
        kill.Parameters.Add(new() { Value = name });
        return (long)(await kill.ExecuteScalarAsync())!;
    }
}
