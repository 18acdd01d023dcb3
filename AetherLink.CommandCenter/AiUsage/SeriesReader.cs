using AetherLink.CommandCenter.Events.Querying;
using Npgsql;

namespace AetherLink.CommandCenter.AiUsage;

/// <summary>Reads the hours' sums by one of the things that they are kept by. Latencies stay out: they are most of a row.</summary>
internal sealed class SeriesReader(NpgsqlDataSource source)
{
    /// <summary>As many as are told apart in one picture; what remains is one series more.</summary>
    public const int Most = 8;

    private const string ByTenant = "tenant";

    /// <summary>What can be asked for, and the column that has it.</summary>
    private static readonly Dictionary<string, string> Columns = new(StringComparer.Ordinal)
    {
        ["intent"] = "intent",
        ["provider"] = "provider",
        [ByTenant] = "tenant_id",
    };

    public static IEnumerable<string> Groupings => Columns.Keys;

    /// <summary>The most used first, and last, without a name, what all others come to. An hour without calls is left out.</summary>
    public async Task<IReadOnlyList<AiSeries>> ReadAsync(string by, string? tenant, DateTimeOffset now, int hours, CancellationToken cancellationToken)
    {
        var column = Columns[by];
        // The sums of all tenants together know of no tenant.
        var each = by == ByTenant && tenant is null;
        await using var command = source.CreateCommand(
            $"""
            with kept as (
                select {column} as name, hour, calls, succeeded, input_tokens, output_tokens, cost_usd
                from command_center.ai_usage_hours
                where of_all = $1 and hour >= $2 {(each ? "" : "and tenant_id = $3")} and {column} <> ''
            ), named as (
                select name, row_number() over (order by sum(calls) desc, name) as place from kept group by name order by place limit {Most:D}
            )
            select named.name, hour, sum(calls)::bigint, sum(succeeded)::bigint, sum(input_tokens)::bigint, sum(output_tokens)::bigint, sum(cost_usd)
            from kept left join named using (name)
            group by place, named.name, hour order by place nulls last, hour
            """);
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = tenant is null && !each });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = StatsReader.HourOf(now).AddHours(1 - hours).UtcDateTime });
        if (!each)
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenant ?? "" });
        }
        var read = new List<(string? Name, AiHourSum Sum)>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            read.Add((row.IsDBNull(0) ? null : row.GetString(0), new(
                row.GetFieldValue<DateTimeOffset>(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetDecimal(6))));
        }
        return [.. read.GroupBy(one => one.Name, one => one.Sum).Select(one => new AiSeries(one.Key, [.. one]))];
    }
}
