using Npgsql;

namespace AetherLink.Tests.Postgres;

public sealed class PostgresServerTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task Database_refuses_while_it_is_away_and_answers_again_when_it_is_back()
    {
        await database.GoAwayAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(AskAsync);

        await database.ComeBackAsync();
        Assert.Equal(1, await AskAsync());
    }

    private async Task<int> AskAsync()
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select 1", connection);
        return (int)(await command.ExecuteScalarAsync())!;
    }
}
