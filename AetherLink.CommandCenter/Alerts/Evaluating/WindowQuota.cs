namespace AetherLink.CommandCenter.Alerts.Evaluating;

/// <summary>How many windows a rule keeps: of one tenant, so that none takes the room of the others, and in all, since memory is bounded.</summary>
internal readonly record struct WindowQuota(int OfATenant, int InAll)
{
    /// <summary>
    /// Of a tenant's own rule, a million numbers of 16 bytes at most, and a hundred windows at least. A rule for all tenants keeps
    /// four times as many numbers, of which each tenant may have a tenth.
    /// </summary>
    public static WindowQuota Of(AlertRule rule)
    {
        if (rule.TenantId is not null)
        {
            var own = Math.Clamp(1_000_000 / rule.Threshold, 100, 1_000);
            return new(own, own);
        }
        var all = Math.Clamp(4_000_000 / rule.Threshold, 400, 10_000);
        return new(all / 10, all);
    }
}
