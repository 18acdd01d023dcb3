using System.Net;
using AetherLink.Tests.Postgres;
using Npgsql;

namespace AetherLink.Tests.Orchestrator;

/// <summary>A budget over kill -9 of the replica that holds of it.</summary>
public sealed class BudgetKilledTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const int TokensOfACall = 18;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task What_had_ended_stays_spent_and_what_was_under_way_can_be_spent_again()
    {
        var folder = Directory.CreateTempSubdirectory("orchestrator-killed-");
        var answer = Answers.Of("http", Answers.Lead);
        await using var provider = await FakeProvider.StartAsync(context => answer(context));
        // A call under way holds some 2,800 tokens: three of them at once, and not a fourth.
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "ai-providers.yaml"), GovernedCalls.Yaml(provider.Url, "budgets: {default: {tokens: 10000, period: day}}"));
        using (var killed = await StartAsync(folder))
        {
            for (var call = 0; call < 5; call++)
            {
                using var response = await killed.ExtractAsync("phoenix");
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }
            answer = Answers.Stall;
            var lost = Enumerable.Range(0, 2).Select(_ => AskAsync(killed)).ToList();
            await Eventually.True(() => provider.Asked.Count == 7, Patience, "two calls are under way");
            killed.Kill();
            foreach (var call in lost) await Assert.ThrowsAsync<HttpRequestException>(() => call);
        }
        using (var again = await StartAsync(folder))
        {
            var calls = Enumerable.Range(0, 3).Select(_ => AskAsync(again)).ToList();

            await Eventually.True(() => provider.Asked.Count == 10, Patience, "all that is not spent can be held again");
            await Eventually.True(async () => await SpentAsync() == 5 * TokensOfACall, Patience, "what had ended is known as spent");
            Assert.DoesNotContain(calls, call => call.IsCompleted);
            again.Kill();
            foreach (var call in calls) await Assert.ThrowsAsync<HttpRequestException>(() => call);
        }
        folder.Delete(recursive: true);
    }

    private Task<OrchestratorProcess> StartAsync(DirectoryInfo folder) =>
        OrchestratorProcess.StartAsync(folder.FullName, ("ConnectionStrings__aetherlink", database.ConnectionString));

    /// <summary>As a caller does who is told to come again: on a machine that is busy a slice may take its time.</summary>
    private static async Task AskAsync(OrchestratorProcess replica)
    {
        HttpStatusCode status;
        do
        {
            using var response = await replica.ExtractAsync("phoenix");
            status = response.StatusCode;
        }
        while (status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable);
    }

    private async Task<long> SpentAsync()
    {
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var command = source.CreateCommand("select coalesce(sum(spent), 0)::bigint from orchestrator.budget_leases where tenant_id = 'phoenix'");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
