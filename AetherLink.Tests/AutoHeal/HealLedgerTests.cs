using AetherLink.AutoHeal.History;
using Npgsql;

namespace AetherLink.Tests.AutoHeal;

public sealed class HealLedgerTests
{
    [Theory]
    [InlineData("57P01", true)]
    [InlineData("53300", true)]
    [InlineData("08006", true)]
    [InlineData("40P01", true)]
    [InlineData("22P02", false)]
    [InlineData("22021", false)]
    [InlineData("23505", false)]
    public void Postgres_that_refuses_a_row_is_not_away(string state, bool isAbsence)
    {
        var failure = new PostgresException("no", "ERROR", "ERROR", state);

        Assert.Equal(isAbsence, HealLedger.IsAbsence(failure));
        Assert.Equal(isAbsence, HealLedger.IsAbsence(new InvalidOperationException("wrapped", failure)));
    }

    [Fact]
    public void Postgres_that_does_not_answer_is_away() => Assert.All(
        [new NpgsqlException("refused"), new TimeoutException(), new OperationCanceledException()],
        (Exception failure) => Assert.True(HealLedger.IsAbsence(failure)));
}
