using AetherLink.CommandCenter.Events;

namespace AetherLink.CommandCenter.Insights;

/// <summary>
/// Which events are the mesh's own word of itself: what this service says, and what came over the signed topic. Whoever may publish events
/// could publish one that says that a service is down.
/// </summary>
internal static class Believed
{
    /// <summary>As a condition, written out: only so does the planner know the index of what is believed.</summary>
    /// <param name="self">The Command Center's name, under which nothing is stored that came over HTTP.</param>
    public static string Sql(string self) =>
        $"(origin = {(short)Origin.Kafka:D} or publisher = '{self.Replace("'", "''", StringComparison.Ordinal)}')";
}
