using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.Orchestrator.Governance.Budgets;

/// <summary>Lends from the budgets' rows in Postgres: all replicas together never have more than there is.</summary>
internal sealed class PostgresLender(NpgsqlDataSource source, DatabaseReady ready, BudgetJournal journal) : ILender
{
    /// <summary>How many are asked for in one round trip and one transaction.</summary>
    private const int Batch = 100;

    public Task WhenReadyAsync(CancellationToken cancellationToken) => ready.WaitAsync(cancellationToken);

    public async Task<IReadOnlyList<LeaseAnswer>> SyncAsync(IReadOnlyList<LeaseRequest> requests, CancellationToken cancellationToken)
    {
        if (!ready.IsReady) throw NotReady();
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
                answers[index] = new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3));
                await row.NextResultAsync(cancellationToken);
            }
        }
        return answers;
    }

    public async Task<IReadOnlyList<string>> KnownAsync(DateTimeOffset since, int most, CancellationToken cancellationToken)
    {
        if (!ready.IsReady) throw NotReady();
        await using var command = source.CreateCommand(
            "select tenant_id from orchestrator.budgets where period_start >= $1 group by tenant_id order by max(taken) desc, tenant_id limit $2");
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = since.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = most });
        var tenants = new List<string>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken)) tenants.Add(row.GetString(0));
        return tenants;
    }

    private static NpgsqlException NotReady() => new("The schema is not up to date yet.");

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
        Add(request.Least);
        return command;
    }

    public static string UnitName(BudgetUnit unit) => unit == BudgetUnit.NanoUsd ? "nano_usd" : "tokens";
}
