using AetherLink.CommandCenter.Events.Querying;
using Npgsql;

namespace AetherLink.CommandCenter.AiUsage;

/// <summary>Reads the sums that are kept by the hour, so that no report has to read calls.</summary>
internal sealed class UsageReader(NpgsqlDataSource source)
{
    private const string Select =
        """
        select hour, intent, provider, calls, succeeded, fallbacks, input_tokens, output_tokens, cost_usd,
               coalesce(array_lower(latencies, 1), 0), latencies
        from command_center.ai_usage_hours
        where of_all = $1 and tenant_id = $2 and hour >= $3
        """;

    /// <summary>The figures in all, by intent, by provider and by hour.</summary>
    public async Task<AiUsageReport> ReadAsync(string? tenant, DateTimeOffset now, int hours, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(Select);
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = tenant is null });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenant ?? "" });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = StatsReader.HourOf(now).AddHours(1 - hours).UtcDateTime });
        var total = new AiSum();
        var (intents, providers, byHour) = (
            new Dictionary<string, AiSum>(StringComparer.Ordinal), new Dictionary<string, AiSum>(StringComparer.Ordinal),
            new SortedDictionary<DateTimeOffset, AiSum>());
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            total.Add(row);
            Of(intents, row.GetString(1)).Add(row);
            Of(byHour, row.GetFieldValue<DateTimeOffset>(0)).Add(row);
            // A call that nobody answered has no provider.
            if (row.GetString(2) is { Length: > 0 } provider)
            {
                Of(providers, provider).Add(row);
            }
        }
        return new("ok", hours, total.Figures(), Figures(intents), Figures(providers),
            [.. byHour.Select(hour => new AiHour(hour.Key, hour.Value.Figures()))]);
    }

    private static AiSum Of<T>(IDictionary<T, AiSum> sums, T key) =>
        sums.TryGetValue(key, out var sum) ? sum : sums[key] = new();

    private static Dictionary<string, AiFigures> Figures(Dictionary<string, AiSum> sums) =>
        sums.ToDictionary(sum => sum.Key, sum => sum.Value.Figures(), StringComparer.Ordinal);

    private sealed class AiSum
    {
        private readonly LatencyHistogram _latencies = new();
        private long _calls, _succeeded, _fallbacks, _inputTokens, _outputTokens;
        private decimal _costUsd;

        public void Add(NpgsqlDataReader row)
        {
            _calls += row.GetInt64(3);
            _succeeded += row.GetInt64(4);
            _fallbacks += row.GetInt64(5);
            _inputTokens += row.GetInt64(6);
            _outputTokens += row.GetInt64(7);
            _costUsd += row.GetDecimal(8);
            _latencies.Add(row.GetInt32(9), row.GetFieldValue<int?[]>(10));
        }

        public AiFigures Figures() => new(
            _calls, _succeeded, _fallbacks, _calls == 0 ? null : Math.Round(100.0 * _succeeded / _calls, 2), _latencies.Percentiles(),
            _inputTokens, _outputTokens, _costUsd);
    }
}
