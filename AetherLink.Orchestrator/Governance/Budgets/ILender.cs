namespace AetherLink.Orchestrator.Governance.Budgets;

/// <summary>Who lends slices of the tenants' budgets to the replicas.</summary>
internal interface ILender
{
    /// <summary>For how long a lease holds without being renewed.</summary>
    TimeSpan ValidFor { get; }

    /// <summary>Answers in the order of the requests. Throws what Npgsql throws when nobody can be asked.</summary>
    Task<IReadOnlyList<LeaseAnswer>> SyncAsync(IReadOnlyList<LeaseRequest> requests, CancellationToken cancellationToken);
}

/// <summary>Without a database this process is the only replica, and has the whole of each budget.</summary>
internal sealed class WholeLender : ILender
{
    public TimeSpan ValidFor => TimeSpan.FromDays(1);

    public Task<IReadOnlyList<LeaseAnswer>> SyncAsync(IReadOnlyList<LeaseRequest> requests, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<LeaseAnswer>>([.. requests.Select(r => new LeaseAnswer(r.Limit, r.Spent, 0))]);
}
