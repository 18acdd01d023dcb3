using Npgsql;

namespace AetherLink.CommandCenter.Events.Retaining;

/// <summary>Removing what goes with the events it tells of: by the policy of its tenant, in short transactions.</summary>
internal static class WithEvents
{
    /// <summary>Rows a statement, so that it does not hold up whoever writes meanwhile.</summary>
    public const int Chunk = 2_000;

    /// <summary>In SQL, how long the events of a row's tenant are kept.</summary>
    public static string KeptBy(string row) =>
        $"""
        make_interval(days => coalesce(
            (select retention_days from command_center.retention_policies where tenant_id = {row}.tenant_id),
            (select retention_days from command_center.retention_policies where tenant_id = '{RetentionPolicy.Global}'),
            {RetentionPolicy.DefaultDays:D}))
        """;

    /// <summary>Until there is no more, by a statement that removes what is older at $1, $2 rows at most. Two replicas at once find the same, and one removes it.</summary>
    public static async Task<long> DeleteAsync(NpgsqlConnection connection, string sql, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Chunk });
        var total = 0L;
        int deleted;
        do
        {
            deleted = await command.ExecuteNonQueryAsync(cancellationToken);
            total += deleted;
        }
        while (deleted == Chunk);
        return total;
    }
}
