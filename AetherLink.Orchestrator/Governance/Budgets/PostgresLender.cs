using AetherLink.ServiceDefaults;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.Orchestrator.Governance.Budgets;

/// <summary>Lends from the budgets' rows in Postgres: all replicas together never have more than there is.</summary>
internal sealed class PostgresLender(NpgsqlDataSource source, DatabaseReady ready, BudgetJournal journal) : ILender
{
    /// <summary>How many are asked for in one round trip and one transaction.</summary>
    private const int Batch = 100;

    /// <summary>An absence of Postgres may last so long before a replica may not spend its slices any more: somebody else may have them then.</summary>
    public TimeSpan ValidFor => TimeSpan.FromMinutes(5);

    public async Task<IReadOnlyList<LeaseAnswer>> SyncAsync(IReadOnlyList<LeaseRequest> requests, CancellationToken cancellationToken)
    {
        if (!ready.IsReady) throw new NpgsqlException("The schema is not up to date yet.");
        var answers = new LeaseAnswer[requests.Count];
        // In the order of the keys, so that two replicas never wait for each other in a circle.
        var ordered = requests.Select((request, index) => (Request: request, Index: index))
            .OrderBy(r => r.Request.Key.TenantId, StringComparer.Ordinal).ThenBy(r => r.Request.Key.Unit).ThenBy(r => r.Request.Key.Start);
        foreach (var chunk in ordered.Chunk(Batch))
        {
            await using var batch = source.CreateBatch();
            foreach (var (request, _) in chunk) batch.BatchCommands.Add(Command(request));
            await using var row = await batch.ExecuteReaderAsync(cancellationToken);
            foreach (var (_, index) in chunk)
            {
                await row.ReadAsync(cancellationToken);
                answers[index] = new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2));
                await row.NextResultAsync(cancellationToken);
            }
        }
        return answers;
    }

    private NpgsqlBatchCommand Command(LeaseRequest request)
    {
        var command = new NpgsqlBatchCommand("select * from orchestrator.sync_lease($1, $2, $3, $4, $5, $6, $7, $8)");
        void Add<T>(T value) => command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        Add(request.Key.TenantId);
        Add(UnitName(request.Key.Unit));
        Add(request.Key.Start.UtcDateTime);
        Add(journal.Replica);
        Add(request.Limit);
        Add(request.Spent);
        Add(request.Wanted);
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = ValidFor, NpgsqlDbType = NpgsqlDbType.Interval });
        return command;
    }

    public static string UnitName(BudgetUnit unit) => unit == BudgetUnit.NanoUsd ? "nano_usd" : "tokens";
}
