using AetherLink.CommandCenter.Insights.Anomalies.Judging;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Insights.Summing;

/// <summary>
/// A span that lasts until now, by what it is read from: the hours before its first midnight, the days that are summed up, and the hours since.
/// A month is thus read from some thirty rows of each instead of seven hundred.
/// </summary>
/// <param name="Since">Its beginning.</param>
/// <param name="Whole">From here on days are read.</param>
/// <param name="Till">From here on hours again.</param>
internal readonly record struct SummedSpan(DateTimeOffset Since, DateTimeOffset Whole, DateTimeOffset Till)
{
    public static SummedSpan Of(DateTimeOffset since, DateTimeOffset? summedTo)
    {
        var midnight = new DateTimeOffset(since.UtcTicks - (since.UtcTicks % TimeSpan.TicksPerDay), TimeSpan.Zero);
        var whole = midnight < since ? midnight.AddDays(1) : midnight;
        return new(since, whole, summedTo > whole ? summedTo.Value : whole);
    }

    public static async Task<DateTimeOffset?> SummedToAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select summed_to from command_center.summed_days", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime at ? new DateTimeOffset(at, TimeSpan.Zero) : null;
    }

    /// <summary>In SQL, all that is counted in the span, where $1, $2 and $3 are its three times: <see cref="AddTo"/>.</summary>
    public static string Rows(string hours, string days) =>
        $"""
        (select * from command_center.{hours} where hour >= $1 and hour < $2
        union all select * from command_center.{days} where hour >= $2 and hour < $3
        union all select * from command_center.{hours} where hour >= $3)
        """;

    /// <summary>In SQL, the AI calls of the span: the hours until its first midnight, and the days since, which calls are added to however late they are told of.</summary>
    public const string AiCalls =
        """
        (select of_all, tenant_id, calls, succeeded, cost_usd from command_center.ai_usage_hours where hour >= $1 and hour < $2
        union all select of_all, tenant_id, calls, succeeded, cost_usd from command_center.ai_days where day >= $2)
        """;

    /// <summary>In SQL, how many anomalies the span has, by what they are: counted one by one until its first midnight, and by the day since. Some say 0.</summary>
    public const string Anomalies =
        $"""
        (select split_part(series, '/', 1) as kind, state, severity, {AnomalyReader.IsJudged} as judged, count(*) as anomalies
        from command_center.anomalies where since >= $1 and since < $2 and ($4 is null or tenant_id = $4) group by 1, 2, 3, 4
        union all select kind, state, severity, judged, anomalies from command_center.anomaly_days where tenant_id = coalesce($4, '') and day >= $2)
        """;

    /// <summary>The first three parameters, and the fourth: whose; null for everybody's.</summary>
    public void AddTo(NpgsqlParameterCollection parameters, string? tenant)
    {
        parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = Since.UtcDateTime });
        parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = Whole.UtcDateTime });
        parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = Till.UtcDateTime });
        parameters.Add(new NpgsqlParameter<string?> { TypedValue = tenant, NpgsqlDbType = NpgsqlDbType.Text });
    }
}
