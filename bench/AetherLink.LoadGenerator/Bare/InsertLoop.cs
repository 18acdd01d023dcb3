using Npgsql;
using NpgsqlTypes;

namespace AetherLink.LoadGenerator.Bare;

/// <summary>What one connection can insert, one commit after the other, into a table of an id and a payload.</summary>
internal static class InsertLoop
{
    private const string Payload = """{"lead_id":"l-000001","name":"Jane Doe","email":"jane@example.com","company":"Example","status":"new"}""";

    /// <returns>Rows a second.</returns>
    public static async Task<double> RunAsync(NpgsqlConnection connection, int rowsACommit, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using (var create = new NpgsqlCommand(
            "create table if not exists public.bare (id text primary key, payload jsonb not null)", connection))
        {
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
        await using var insert = new NpgsqlCommand("insert into public.bare select * from unnest($1, $2)", connection);
        var ids = new NpgsqlParameter<string[]> { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
        insert.Parameters.Add(ids);
        insert.Parameters.Add(new NpgsqlParameter<string[]>
        {
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb,
            TypedValue = [.. Enumerable.Repeat(Payload, rowsACommit)],
        });
        long rows = 0;
        var started = Measuring.Clock.Now;
        while (Measuring.Clock.Now - started < duration.TotalSeconds * 1e9)
        {
            ids.TypedValue = [.. Enumerable.Range(0, rowsACommit).Select(_ => Guid.CreateVersion7().ToString())];
            if (rows == 0)
            {
                await insert.PrepareAsync(cancellationToken);
            }
            rows += await insert.ExecuteNonQueryAsync(cancellationToken);
        }
        return rows / ((Measuring.Clock.Now - started) / 1e9);
    }
}
