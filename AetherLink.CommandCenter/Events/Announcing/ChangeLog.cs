using Npgsql;

namespace AetherLink.CommandCenter.Events.Announcing;

/// <summary>A change of something that every replica watches.</summary>
/// <param name="Subject">What has changed.</param>
/// <param name="State">What it is now.</param>
/// <param name="SeenAt">The timestamp at which this replica saw it, of its monotonic clock.</param>
/// <param name="IsFirstSight">Whether it may have been so all the time.</param>
internal sealed record Change(string Subject, string State, long SeenAt, bool IsFirstSight);

/// <summary>
/// What was last announced of each subject, over all replicas. It moves in the transaction that stores the event, so that the
/// first replica that saw a change tells it, and the others find it told.
/// </summary>
internal sealed class ChangeLog(NpgsqlDataSource source, Telling telling, TimeProvider clock)
{
    // The replicas' clocks are not asked: how long ago it was seen is each one's own, and the rest is Postgres'. What was seen
    // before the last announced change is old news; a time ahead of the clock is that of a clock which was set back.
    private const string News =
        """
        announced_changes.state <> $2
        and (announced_changes.changed_at < now() - make_interval(secs => $3) or announced_changes.changed_at > now())
        """;

    private const string Move =
        $"""
        insert into command_center.announced_changes (subject, state, changed_at) values ($1, $2, now() - make_interval(secs => $3))
        on conflict (subject) do update set state = excluded.state, changed_at = excluded.changed_at where {News}
        """;

    private const string MoveKnown =
        $"""
        update command_center.announced_changes set state = $2, changed_at = now() - make_interval(secs => $3)
        where subject = $1 and {News}
        """;

    private const string Last =
        """
        with first as (
            insert into command_center.announced_changes (subject, state, changed_at) values ($1, $2, now())
            on conflict (subject) do nothing returning state
        )
        select state from first union all select state from command_center.announced_changes where subject = $1
        """;

    /// <summary>What was last announced of a subject; of one that nobody knew it is what it is now, and from then on a change is news.</summary>
    public async Task<string> LastAsync(string subject, string state, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(Last);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = subject });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = state });
        // Neither when another replica was the first at this very moment.
        return (string?)await command.ExecuteScalarAsync(cancellationToken) ?? state;
    }

    /// <summary>Stores the event unless the change is no news.</summary>
    public Task<bool> StoreAsync(EventDraft draft, Change change, CancellationToken cancellationToken) => telling.CommitAsync(
        async (connection, transaction, token) =>
        {
            await using var move = new NpgsqlCommand(change.IsFirstSight ? MoveKnown : Move, connection, transaction);
            move.Parameters.Add(new NpgsqlParameter<string> { TypedValue = change.Subject });
            move.Parameters.Add(new NpgsqlParameter<string> { TypedValue = change.State });
            move.Parameters.Add(new NpgsqlParameter<double> { TypedValue = clock.GetElapsedTime(change.SeenAt).TotalSeconds });
            var isNews = await move.ExecuteNonQueryAsync(token) > 0;
            return new Told<bool>(isNews, isNews ? draft : null);
        }, cancellationToken);
}
