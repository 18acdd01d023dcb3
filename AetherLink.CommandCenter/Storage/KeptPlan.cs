namespace AetherLink.CommandCenter.Storage;

/// <summary>
/// Lets the prepared statements that come after it in a transaction keep the plan that they were given once. By itself Postgres
/// plans those that take arrays anew each time while the arrays are short: it takes ten rows for granted where it does not know
/// the length, and fewer look cheaper. Planning them takes longer than executing them. A plan that is kept may have been made
/// while the tables were empty, so it is one that finds rows by their keys, in their order, and never reads a table or an index from
/// end to end.
/// </summary>
internal static class KeptPlan
{
    /// <summary>An expression, never null, to be evaluated by a statement before them.</summary>
    public const string Sql =
        """
        set_config('plan_cache_mode', 'force_generic_plan', true) || set_config('enable_seqscan', 'off', true)
            || set_config('enable_bitmapscan', 'off', true) || set_config('enable_mergejoin', 'off', true)
        """;
}
