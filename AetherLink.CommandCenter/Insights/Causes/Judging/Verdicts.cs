using AetherLink.CommandCenter.Events.Announcing;
using AetherLink.CommandCenter.Operators;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Insights.Causes.Judging;

/// <summary>What a person may say of a cause. The numbers are stored.</summary>
internal enum VerdictKind : short
{
    RightCause = 0,
    WrongCause = 1,
}

internal static class VerdictKinds
{
    public static readonly string[] All = ["right_cause", "wrong_cause"];

    public static VerdictKind? Parse(string? name) => Array.IndexOf(All, name) is >= 0 and var index ? (VerdictKind)index : null;

    public static string Name(this VerdictKind kind) => All[(int)kind];
}

/// <summary>Keeps and reads what people have said of causes. Who says another thing later is believed.</summary>
internal sealed class Verdicts(NpgsqlDataSource source, Telling telling, OperatorAudit audit, TimeProvider clock)
{
    private const string Said = "select cause_id, verdict, judged_by, judged_at, note from command_center.cause_verdicts";

    private const string Upsert =
        """
        insert into command_center.cause_verdicts (cause_id, tenant_id, node, since, score, rank, verdict, judged_by, judged_at, note)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (cause_id) do update set score = excluded.score, rank = excluded.rank, verdict = excluded.verdict,
            judged_by = excluded.judged_by, judged_at = excluded.judged_at, note = excluded.note
        """;

    /// <summary>The causes with what was said of them.</summary>
    public async Task<IReadOnlyList<Cause>> WithAsync(IReadOnlyList<Cause> causes, CancellationToken cancellationToken)
    {
        if (causes.Count == 0)
        {
            return causes;
        }
        await using var command = source.CreateCommand($"{Said} where cause_id = any ($1)");
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. causes.Select(cause => cause.Id)] });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var said = new Dictionary<Guid, CauseVerdict>();
        while (await row.ReadAsync(cancellationToken))
        {
            said[row.GetGuid(0)] = Of(row);
        }
        return [.. causes.Select(cause => cause with { Verdict = said.GetValueOrDefault(cause.Id) })];
    }

    /// <summary>All that was said, or all of one tenant's people.</summary>
    public async Task<VerdictFigures> FiguresAsync(string? tenant, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            select count(*)::int, count(*) filter (where verdict = 1)::int from command_center.cause_verdicts
            where $1 is null or tenant_id = $1
            """);
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = tenant, NpgsqlDbType = NpgsqlDbType.Text });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        var (judged, wrong) = (row.GetInt32(0), row.GetInt32(1));
        return new(judged, wrong, judged == 0 ? null : Math.Round(100.0 * wrong / judged, 2));
    }

    public Task<Cause> SayAsync(Cause cause, string? tenant, VerdictKind verdict, string by, string? note, CancellationToken cancellationToken) =>
        telling.CommitAsync<Cause>(
            async (connection, transaction, token) =>
            {
                var before = cause with { Verdict = await SaidAsync(cause.Id, connection, transaction, token) };
                var judged = cause with { Verdict = new(verdict.Name(), by, clock.GetUtcNow(), note) };
                await using var command = new NpgsqlCommand(Upsert, connection, transaction);
                command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = cause.Id });
                command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = tenant, NpgsqlDbType = NpgsqlDbType.Text });
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = cause.Node });
                command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = cause.Since.UtcDateTime });
                command.Parameters.Add(new NpgsqlParameter<double> { TypedValue = cause.Score });
                command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = cause.Rank });
                command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)verdict });
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = by });
                command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = judged.Verdict.At.UtcDateTime });
                command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = note, NpgsqlDbType = NpgsqlDbType.Text });
                await command.ExecuteNonQueryAsync(token);
                await audit.RecordAsync(connection, $"cause.{verdict.Name()}", cause.Id.ToString(), tenant, before, judged, CausesJson.Wire.Cause, token);
                return new(judged);
            }, cancellationToken);

    private static async Task<CauseVerdict?> SaidAsync(
        Guid cause, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"{Said} where cause_id = $1 for update", connection, transaction);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = cause });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? Of(row) : null;
    }

    private static CauseVerdict Of(NpgsqlDataReader row) => new(
        ((VerdictKind)row.GetInt16(1)).Name(), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3), row.IsDBNull(4) ? null : row.GetString(4));
}
