using AetherLink.CommandCenter.Storage;
using Npgsql;

namespace AetherLink.CommandCenter.Following;

/// <summary>The number of the last event that a follower has handled, stored under its name.</summary>
internal static class FollowerPosition
{
    /// <summary>Those that the schema knows begin where it was made; another at the head.</summary>
    public static async Task<long> ReadAsync(string name, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            with made as (
                insert into command_center.followers (name, seq) select $1, last_seq from command_center.feed_head
                on conflict do nothing
                returning seq
            )
            select seq from made union all select seq from command_center.followers where name = $1
            """, connection)
        { Parameters = { new NpgsqlParameter<string> { TypedValue = name } } };
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>
    /// Comes first, with what makes the statements after it quick. Fails when another has moved it meanwhile, which the lock should have prevented: by a division by zero, so that nothing of
    /// what is sent with it is committed, and nobody has to look at an answer in between.
    /// </summary>
    public static NpgsqlBatchCommand Moving(string name, long from, long to) => new(
        $"update command_center.followers set seq = $3 / (seq = $2)::int where name = $1 and {KeptPlan.Sql} is not null")
    {
        Parameters =
        {
            new NpgsqlParameter<string> { TypedValue = name },
            new NpgsqlParameter<long> { TypedValue = from },
            new NpgsqlParameter<long> { TypedValue = to },
        },
    };
}
