using AetherLink.CommandCenter.AiUsage;
using AetherLink.Tests.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AetherLink.Tests.CommandCenter;

public sealed class LatencyHistogramTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task Percentiles_of_histograms_that_Postgres_made_and_added_are_within_two_and_a_half_per_cent()
    {
        await using var service = await RunningCommandCenter.StartAsync(database.ConnectionString);
        var source = service.Services.GetRequiredService<NpgsqlDataSource>();
        var dice = new Random(17);
        // From a fifth of a millisecond to a minute, evenly by ratio.
        var latencies = Enumerable.Range(0, 2_000).Select(_ => 0.2 * Math.Pow(300_000, dice.NextDouble())).ToArray();
        await using var command = source.CreateCommand(
            """
            with one as (select command_center.latencies(ms) as l from unnest($1[:700]) ms),
                 other as (select command_center.latencies(ms) as l from unnest($1[701:]) ms),
                 sum as (select command_center.latencies_sum(one.l, other.l) as l from one, other)
            select array_lower(l, 1), l from sum
            """);
        command.Parameters.Add(new NpgsqlParameter<double[]> { TypedValue = latencies });

        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        var histogram = new LatencyHistogram();
        histogram.Add(row.GetInt32(0), row.GetFieldValue<int?[]>(1));
        var (p50, p95, p99) = histogram.Percentiles();

        var sorted = latencies.Order().ToArray();
        foreach (var (found, share) in new[] { (p50, 0.50), (p95, 0.95), (p99, 0.99) })
        {
            var exact = sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
            Assert.InRange(found!.Value, 0.974 * exact, 1.026 * exact);
        }
    }

    [Fact]
    public void Without_calls_there_is_no_percentile() => Assert.Equal(new AiLatency(null, null, null), new LatencyHistogram().Percentiles());
}
