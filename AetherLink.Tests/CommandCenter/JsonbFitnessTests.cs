using System.Text;
using System.Text.Json;
using AetherLink.CommandCenter.Events.Validating;
using AetherLink.Tests.Postgres;
using FsCheck;
using FsCheck.Fluent;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.Tests.CommandCenter;

/// <summary>Held against Postgres itself: what is found fit is stored, and what is found unfit is refused there too.</summary>
public sealed class JsonbFitnessTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly Gen<string> Texts = Gen.Elements(
            "a", "\\u0041", "\\u0000", "\\ud83d\\ude00", "\\ud83d", "\\ude00", "\\\\u0000", "\\n", "\\\"", "é", "\\uFFFF", "\\u00e9")
        .ArrayOf().Select(string.Concat).Select(text => $"\"{text}\"");

    private static readonly Gen<string> Numbers =
        from mantissa in Gen.Elements("1", "-12", "0.5", "-0.0005", "123456789012345678901234567890", "1.000", "9", "0", "-0.00")
        from exponent in Gen.OneOf(
            Gen.Constant(""),
            Gen.Choose(-20_000, 20_000).Select(n => $"e{n}"),
            Gen.Choose(16_370, 16_390).Select(n => $"e-{n}"),
            Gen.Choose(131_035, 131_080).Select(n => $"E+{n}"),
            Gen.Elements("e200000", "e-200000", "e1073741822", "e1073741823", "e99999999999999999999"))
        select mantissa + exponent;

    private static readonly Arbitrary<string> Payloads = (
        from values in Gen.OneOf(Texts, Numbers).ArrayOf()
        from names in Texts.ArrayOf(values.Length)
        select "{" + string.Join(",", names.Zip(values).Select(pair => $"{pair.First}:{pair.Second}")) + "}").ToArbitrary();

    [Fact]
    public void Payload_is_found_fit_exactly_when_Postgres_takes_it()
    {
        using var connection = new NpgsqlConnection(database.ConnectionString);
        connection.Open();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(400).WithEndSize(8), Prop.ForAll(Payloads, payload =>
            JsonbFitness.Misfit(Encoding.UTF8.GetBytes(payload)) is null == IsTaken(connection, payload)));
    }

    [Theory]
    [InlineData("""{"a":1e200000}""", "'a' is a number out of range")]
    [InlineData("""{"a":{"b":"x\u0000"}}""", "'b' holds \\u0000, which cannot be stored")]
    [InlineData("""{"a\u0000":1}""", "a name holds \\u0000, which cannot be stored")]
    [InlineData("""{"a":["\ud800x"]}""", "'a' holds half a surrogate pair")]
    public void Misfit_says_where_and_why(string json, string reason) =>
        Assert.Equal(reason, JsonbFitness.Misfit(Encoding.UTF8.GetBytes(json)));

    private static bool IsTaken(NpgsqlConnection connection, string payload)
    {
        using var parsed = JsonDocument.Parse(payload);
        using var command = new NpgsqlCommand("select $1", connection)
        {
            Parameters = { new NpgsqlParameter { Value = payload, NpgsqlDbType = NpgsqlDbType.Jsonb } },
        };
        try
        {
            command.ExecuteNonQuery();
            return true;
        }
        catch (PostgresException)
        {
            return false;
        }
    }
}
