using AetherLink.CommandCenter.Alerts;
using AetherLink.CommandCenter.Events;

namespace AetherLink.Tests.CommandCenter.Alerts;

/// <summary>Rules for tests.</summary>
internal static class Rules
{
    public static AlertRule Rule(int threshold = 2, int windowSeconds = 60, Guid? id = null) => new()
    {
        RuleId = id ?? Guid.NewGuid(),
        Name = "a rule",
        WindowSeconds = windowSeconds,
        Threshold = threshold,
        AlertSeverity = Severity.Critical,
        CreatedBy = "tests",
        CreatedAt = Envelopes.Now,
        UpdatedBy = "tests",
        UpdatedAt = Envelopes.Now,
    };
}
