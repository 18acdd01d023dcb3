using System.Text.Json;
using System.Text.Json.Nodes;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.Postgres;

namespace AetherLink.Tests.CommandCenter.Operators;

/// <summary>What people changed at other services, on its way into the chain.</summary>
public sealed class ChangeIngestTests(PostgresDatabase database, KafkaBroker kafka) : IClassFixture<PostgresDatabase>, IClassFixture<KafkaBroker>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Change_at_another_service_is_on_record_once_and_in_the_chain_and_a_forged_one_is_not()
    {
        await using var service = await RunningCommandCenter.StartAsync(database.ConnectionString, kafka.Address);
        using var client = service.Client();
        var change = new OperatorChange
        {
            Id = Guid.CreateVersion7(),
            At = DateTimeOffset.UtcNow,
            Actor = "ada",
            Roles = ["admin"],
            Action = "target.restarted",
            Target = "web",
            After = new JsonObject { ["reason"] = "now" },
            Address = "203.0.113.9",
            TraceId = new string('a', 32),
        };

        await kafka.ProduceAsAnybodyAsync(Topics.OperatorAudit, "default", Text(change with { Id = Guid.CreateVersion7(), Actor = "eve" }));
        await kafka.ProduceAsync(Topics.OperatorAudit, "default", Text(change), ("origin", "auto-heal"));
        await kafka.ProduceAsync(Topics.OperatorAudit, "default", "no change", ("origin", "auto-heal"));
        await kafka.ProduceAsync(Topics.OperatorAudit, "default", Text(change), ("origin", "auto-heal"));
        await kafka.ProduceAsync(Topics.OperatorAudit, "default", Text(change with { Id = Guid.CreateVersion7(), Action = "maintenance.opened" }), ("origin", "auto-heal"));

        await kafka.ProduceAsync(
            Topics.OperatorAudit, "default",
            Text(change with { Id = Guid.CreateVersion7(), At = DateTimeOffset.UtcNow.AddYears(1), Actor = "bob", Target = @"six characters: \u0000" }),
            ("origin", "auto-heal"));

        JsonArray entries = [];
        await Eventually.True(
            async () => (entries = (await client.JsonAsync("/audit/operator"))["entries"]!.AsArray()).Count == 3, Soon, "all three are on record");
        Assert.Equal(@"six characters: \u0000", (string?)entries[0]!["target"]);
        Assert.True(
            DateTimeOffset.Parse((string)entries[0]!["at"]!, System.Globalization.CultureInfo.InvariantCulture) <= DateTimeOffset.UtcNow,
            "what a clock ahead told is dated when it came");
        entries.RemoveAt(0);
        Assert.Equal(["maintenance.opened", "target.restarted"], entries.Select(entry => (string?)entry!["action"]));
        Assert.Equal(
            ("ada", "web", "203.0.113.9", "now"),
            ((string?)entries[1]!["actor"], (string?)entries[1]!["target"], (string?)entries[1]!["address"], (string?)entries[1]!["after"]!["reason"]));
        Assert.Equal("intact", (string?)(await client.JsonAsync("/audit/operator/verify"))["status"]);
        Assert.Equal(2, kafka.Read(Topics.DeadLetter, 2, Soon).Count);
    }

    [Theory]
    [InlineData("""{"a":"\u0000"}""", true)]
    [InlineData("""{"a":"\\u0000"}""", false)]
    [InlineData("""{"a":"\\\u0000"}""", true)]
    [InlineData("""{"a":"\\u0000\u0000"}""", true)]
    [InlineData("""{"a":"u0000"}""", false)]
    [InlineData("", false)]
    public void Zero_is_told_from_the_six_characters_that_write_it(string json, bool holds) =>
        Assert.Equal(holds, AetherLink.CommandCenter.Operators.ChangeIngest.HoldsZero(System.Text.Encoding.UTF8.GetBytes(json)));

    private static string Text(OperatorChange change) => JsonSerializer.Serialize(change, Json.Wire);
}
