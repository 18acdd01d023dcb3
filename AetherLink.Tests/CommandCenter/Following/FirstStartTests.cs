using AetherLink.CommandCenter.Following;
using AetherLink.Tests.CommandCenter.Deliveries;
using AetherLink.Tests.Postgres;
using Npgsql;

namespace AetherLink.Tests.CommandCenter.Following;

/// <summary>A mesh that is started for the first time.</summary>
public sealed class FirstStartTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task Event_that_is_published_before_anybody_follows_is_delivered()
    {
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        var lead = await LeaderLock.TryTakeAsync(source, "deliveries", default);
        await using var center = await DeliveringCommandCenter.StartAsync(database);
        await center.AddWebhookAsync();
        await center.PublishAsync("first");

        await lead!.DisposeAsync();

        await center.DeliveryAsync("first", one => (string?)one["status"] == "success");
    }

    [Fact]
    public async Task Whoever_follows_begins_where_the_schema_was_made()
    {
        var fresh = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync("fresh");
        await using var source = NpgsqlDataSource.Create(fresh);
        var made = await FollowersAsync(source);
        await using var service = await RunningCommandCenter.StartAsync(fresh);
        await Eventually.True(() => service.Logs.Lines.Count(line => line.Id.Id == 2300) == made.Count, TimeSpan.FromSeconds(30), "each of them leads");

        Assert.All(made.Values, sequence => Assert.Equal(0, sequence));
        Assert.Equal(made.Keys.Order(StringComparer.Ordinal), (await FollowersAsync(source)).Keys.Order(StringComparer.Ordinal));
    }

    private static async Task<Dictionary<string, long>> FollowersAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("select name, seq from command_center.followers");
        await using var row = await command.ExecuteReaderAsync();
        var followers = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await row.ReadAsync()) followers.Add(row.GetString(0), row.GetInt64(1));
        return followers;
    }
}
