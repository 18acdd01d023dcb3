namespace AetherLink.Orchestrator.Governance.Budgets;

/// <summary>Who lends slices of the tenants' budgets to the replicas.</summary>
internal interface ILender
{
    /// <summary>Completes when it can be asked for the first time.</summary>
    Task WhenReadyAsync(CancellationToken cancellationToken);

    /// <summary>Answers in the order of the requests. Throws what Npgsql throws when nobody can be asked.</summary>
    Task<IReadOnlyList<LeaseAnswer>> SyncAsync(IReadOnlyList<LeaseRequest> requests, CancellationToken cancellationToken);

    /// <summary>Tenants with a budget in a period that began since, those that have used most of one first.</summary>
    Task<IReadOnlyList<string>> KnownAsync(DateTimeOffset since, int most, CancellationToken cancellationToken);
}

/// <summary>Without a database this process is the only replica, and has the whole of each budget.</summary>
internal sealed class WholeLender : ILender
{
    private readonly Dictionary<BudgetKey, long> _leased = [];

    public Task WhenReadyAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<LeaseAnswer>> SyncAsync(IReadOnlyList<LeaseRequest> requests, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<LeaseAnswer>>([.. requests.Select(Lend)]);

    public Task<IReadOnlyList<string>> KnownAsync(DateTimeOffset since, int most, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    private LeaseAnswer Lend(LeaseRequest request)
    {
        var leased = Math.Max(_leased.GetValueOrDefault(request.Key), request.Spent);
        var left = Math.Max(0, request.Limit - leased);
        if (request.Wanted < 0) leased += Math.Max(request.Wanted, request.Spent - leased);
        else if (left >= request.Least) leased += Math.Min(request.Wanted, left);
        _leased[request.Key] = leased;
        return new(leased, request.Spent, Math.Max(0, request.Limit - leased), request.Spent);
    }
}
