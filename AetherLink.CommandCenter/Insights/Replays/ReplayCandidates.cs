using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.CommandCenter.Deliveries.Reading;
using AetherLink.CommandCenter.Deliveries.Scheduling;
using AetherLink.CommandCenter.Failures;
using Npgsql;

namespace AetherLink.CommandCenter.Insights.Replays;

/// <summary>Reads the deliveries that failed and were not sent again since, with what speaks for a replay and against it.</summary>
internal sealed class ReplayCandidates(NpgsqlDataSource source)
{
    /// <summary>Of one question: some ten milliseconds.</summary>
    public const int Most = 1_000;

    /// <summary>What is told of it, and where it stands in the list.</summary>
    internal sealed record Candidate(Guid Id, ReplayRecommendation? Recommendation);

    // The rows first, in the order of their ids, of each status by its index; then what belongs to them. A rule's id is text, as it came
    // with the event.
    private static string Sql(string conditions, int most) =>
        $"""
        with looked as materialized (
            select * from (
                (select * from command_center.deliveries d where d.status = 3 and {conditions} order by d.id desc limit {most:D})
                union all
                (select * from command_center.deliveries d where d.status = 2 and {conditions} order by d.id desc limit {most:D})) d
            order by d.id desc limit {most:D}
        )
        select d.id, d.tenant_id, d.endpoint_id, e.url, e.kind, d.event_type, d.event_id, d.status, d.error, d.http_status, d.cause, d.folded,
            d.created_at, d.completed_at, e.enabled and e.deleted_at is null, e.failures, e.last_success_at, e.updated_at, e.cooldown_until, now(),
            (select count(*) filter (where r.status = 3) from command_center.deliveries r where r.original_id = d.id)::int,
            (select count(*) filter (where r.status <> 3) from command_center.deliveries r where r.original_id = d.id)::int,
            case when d.event_type = 'ops.alert.raised' and d.rule_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then exists (
                select from command_center.alerts a where a.rule_id = d.rule_id::uuid and a.tenant_id = d.tenant_id and a.resolved_at is null) end
        from looked d join command_center.webhook_endpoints e on e.id = d.endpoint_id order by d.id desc
        """;

    /// <summary>Those before an id and since a time, the newest first; without a recommendation what was sent again meanwhile.</summary>
    public async Task<IReadOnlyList<Candidate>> ReadAsync(Guid? before, string? tenant, DateTimeOffset since, int most, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand();
        var conditions = new DeliveryConditions(command.Parameters).And("d.id >= ?", TimedId.First(since));
        if (before is { } id)
        {
            conditions.And("d.id < ?", id);
        }
        if (tenant is not null)
        {
            conditions.And("d.tenant_id = ?", tenant);
        }
        command.CommandText = Sql(conditions.ToString(), most);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var candidates = new List<Candidate>();
        while (await row.ReadAsync(cancellationToken))
        {
            candidates.Add(new(row.GetGuid(0), row.GetInt32(21) > 0 ? null : Judged(row)));
        }
        return candidates;
    }

    private static ReplayRecommendation Judged(NpgsqlDataReader row)
    {
        var (error, status, now) = ((AttemptError)row.GetInt16(8), row.IsDBNull(9) ? (int?)null : row.GetInt32(9), row.GetFieldValue<DateTimeOffset>(19));
        var cause = row.IsDBNull(10) ? Diagnosis.Of(new() { Error = error, Status = status }).Cause : (FailureCause)row.GetInt16(10);
        var (kind, createdAt, givenUpAt, cooldownUntil) = ((EndpointKind)row.GetInt16(4), row.GetFieldValue<DateTimeOffset>(12), Time(row, 13), Time(row, 18));
        var failedAt = givenUpAt ?? createdAt;
        var judged = ReplayJudgement.Of(new()
        {
            Cause = cause,
            IsOn = row.GetBoolean(14),
            HasRecovered = row.GetInt32(15) == 0 && Time(row, 16) > failedAt,
            WasChanged = Time(row, 17) > failedAt,
            Cooldown = cooldownUntil > now ? cooldownUntil.Value - now : TimeSpan.Zero,
            Age = now - createdAt,
            HasId = kind is EndpointKind.Standard,
            Folded = row.GetInt32(11),
            IsStillTrue = row.IsDBNull(22) ? null : row.GetBoolean(22),
            FailedReplays = row.GetInt32(20),
        });
        return new(
            row.GetGuid(0), row.GetString(1), row.GetGuid(2), EndpointUrl.Stored(row.GetString(3)).Masked, kind, row.GetString(5), row.GetString(6),
            (DeliveryStatus)row.GetInt16(7), cause, status, createdAt, givenUpAt, judged.Recommendation, judged.Wait is null ? null : cooldownUntil,
            judged.Score, judged.Terms);
    }

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
