using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Events.Validating;

/// <summary>
/// The types that the Command Center alone tells: people are notified by them, and rules count them. From anybody else they would
/// be a notification that nobody can tell from a true one, and would hide the true one that follows it.
/// </summary>
internal static class OwnTypes
{
    /// <summary>All of this space, so that no type that is added to it is open to everybody until somebody thinks of it.</summary>
    private const string Space = "ops.";

    public static bool Has(string type) =>
        type.StartsWith(Space, StringComparison.Ordinal) || type is EventTypes.DeliveryReplayed or EventTypes.AutohealCooldownStarted or EventTypes.AutohealCooldownCleared;
}
