using AetherLink.Orchestrator.Governance.Budgets;
using AetherLink.Orchestrator.Routing;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AetherLink.Orchestrator.Calls;

/// <summary>Why a call was not made: its class, for counting, when to try again, and the words for a person.</summary>
internal sealed record Rejection(string Class, string Detail, TimeSpan RetryAfter)
{
    public const string RateLimited = "rate_limited";

    /// <summary>Postgres is back within seconds, or a person is needed.</summary>
    private static readonly TimeSpan UntilAsked = TimeSpan.FromSeconds(5);

    /// <summary>A lease takes milliseconds, once it has its turn.</summary>
    private static readonly TimeSpan UntilSaid = TimeSpan.FromSeconds(1);

    public static Rejection OfRate(string tenantId, TimeSpan wait) =>
        new(RateLimited, $"Tenant {tenantId} calls more often than it may.", wait);

    /// <summary>When nobody was asked for want of money, and nobody else could be.</summary>
    public static Rejection? OfBudget(IReadOnlyList<Attempt> attempts, BudgetLimits? limits, DateTimeOffset now)
    {
        if (limits is null || attempts.Any(a => a.Outcome == Outcomes.Failed)) return null;
        if (attempts.Any(a => a.ErrorClass == Skip.BudgetUnknown))
            return new(Skip.BudgetUnknown, "What is left of the tenant's budget cannot be asked for now, and what was leased of it is used up.", UntilAsked);
        if (attempts.Any(a => a.ErrorClass == Skip.BudgetPending))
            return new(Skip.BudgetPending, "What is left of the tenant's budget is being asked for, and was not said in time.", UntilSaid);
        if (attempts.Any(a => a.ErrorClass == Skip.BudgetHeld))
            return new(Skip.BudgetHeld, "What is left of the tenant's budget is held for other calls that are under way.", UntilSaid);
        return attempts.Any(a => a.ErrorClass == Skip.OverBudget)
            ? new(Skip.OverBudget, "The tenant's budget does not cover this call until its period ends.", BudgetKey.At("", default, limits.Period, now).End - now)
            : null;
    }

    public ProblemHttpResult Problem() => Class is Skip.BudgetUnknown or Skip.BudgetPending ? Problems.Unavailable(Detail, RetryAfter) : Problems.TooMany(Detail, RetryAfter);
}
