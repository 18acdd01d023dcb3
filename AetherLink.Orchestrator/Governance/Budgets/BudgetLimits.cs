namespace AetherLink.Orchestrator.Governance.Budgets;

/// <summary>After which a budget begins anew, at midnight UTC.</summary>
internal enum BudgetPeriod
{
    Day,
    Month,
}

internal enum BudgetUnit
{
    /// <summary>Billionths of a US dollar: a token's price is a whole number of them, and sums stay exact.</summary>
    NanoUsd,

    Tokens,
}

/// <summary>What one tenant may use up in a period; null is no bound.</summary>
internal sealed record BudgetLimits(long? NanoUsd, long? Tokens, BudgetPeriod Period)
{
    public long? Of(BudgetUnit unit) => unit == BudgetUnit.NanoUsd ? NanoUsd : Tokens;
}

/// <summary>One budget of one period. Which one is over follows from its start alone.</summary>
internal sealed record BudgetKey(string TenantId, BudgetUnit Unit, BudgetPeriod Period, DateTimeOffset Start)
{
    public static BudgetKey At(string tenantId, BudgetUnit unit, BudgetPeriod period, DateTimeOffset now)
    {
        var utc = now.UtcDateTime;
        return new(tenantId, unit, period, new DateTimeOffset(utc.Year, utc.Month, period == BudgetPeriod.Month ? 1 : utc.Day, 0, 0, 0, TimeSpan.Zero));
    }

    public DateTimeOffset End => Period == BudgetPeriod.Month ? Start.AddMonths(1) : Start.AddDays(1);
}

/// <summary>What something costs, in both units.</summary>
internal readonly record struct Cost(long NanoUsd, long Tokens)
{
    public long Of(BudgetUnit unit) => unit == BudgetUnit.NanoUsd ? NanoUsd : Tokens;

    public static Cost operator +(Cost a, Cost b) => new(a.NanoUsd + b.NanoUsd, a.Tokens + b.Tokens);
}
