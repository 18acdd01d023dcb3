namespace AetherLink.CommandCenter.Events.Retaining;

/// <summary>How long a tenant's events are kept; the empty tenant stands for all that have no policy of their own.</summary>
internal sealed class RetentionPolicy
{
    public const string Global = "";
    public const int DefaultDays = 90;

    public required string TenantId { get; init; }

    public required int RetentionDays { get; set; }
}

/// <summary>The body of a change.</summary>
internal sealed record RetentionChange(int? RetentionDays);

/// <summary>The policies in force, as they are shown: of all, and those of the page's tenants.</summary>
internal sealed record RetentionPage(string Status, int RetentionDays, IReadOnlyDictionary<string, int> Tenants, string? NextCursor);

/// <summary>The policies in force.</summary>
internal sealed record RetentionPolicies(int RetentionDays, IReadOnlyDictionary<string, int> Tenants)
{
    /// <summary>A partition goes when nobody's events in it are wanted any more.</summary>
    public int LongestDays => Tenants.Values.Append(RetentionDays).Max();

    public static RetentionPolicies Of(IEnumerable<RetentionPolicy> policies)
    {
        var days = policies.ToDictionary(policy => policy.TenantId, policy => policy.RetentionDays, StringComparer.Ordinal);
        return new(
            days.GetValueOrDefault(RetentionPolicy.Global, RetentionPolicy.DefaultDays),
            days.Where(policy => policy.Key != RetentionPolicy.Global).ToDictionary(StringComparer.Ordinal));
    }
}
