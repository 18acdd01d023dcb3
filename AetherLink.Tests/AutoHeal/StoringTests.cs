using Npgsql;

namespace AetherLink.Tests.AutoHeal;

public sealed class StoringTests() : HealerTest("web")
{
    [Fact]
    public async Task Healer_says_once_why_it_cannot_use_a_Postgres_that_answers_and_uses_it_when_it_can()
    {
        await using var healer = await StartAsync();
        await healer.WaitForStorageAsync("postgres");

        await ExecuteAsync("alter table auto_heal.heals rename to lost");
        await Eventually.True(() => healer.Logs.Lines.Any(line => line.Id.Id == 4026), TimeSpan.FromSeconds(30), "it says why");
        await ExecuteAsync("alter table auto_heal.lost rename to heals");
        await healer.WaitForStorageAsync("postgres");

        Assert.Contains("auto_heal.heals", Assert.Single(healer.Logs.Lines, line => line.Id.Id == 4026).Message, StringComparison.Ordinal);
    }

    private async Task ExecuteAsync(string statement)
    {
        await using var connection = new NpgsqlConnection(Database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }
}
