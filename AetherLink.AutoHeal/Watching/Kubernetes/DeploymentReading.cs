using System.Text.Json.Nodes;

namespace AetherLink.AutoHeal.Watching.Kubernetes;

/// <summary>What a Deployment's status says, as <c>kubectl rollout status</c> reads it.</summary>
internal static class DeploymentReading
{
    /// <returns>A state of <see cref="ResourceState"/>; null when it says nothing against the probe.</returns>
    public static string? Read(JsonNode deployment) => deployment switch
    {
        _ when Wanted(deployment) == 0 => ResourceState.ScaledToNone,
        // A restart is a rollout: while a person has paused those, nothing would come of it.
        _ when deployment["spec"]?["paused"]?.GetValue<bool>() is true => ResourceState.Paused,
        _ when !AreUpdated(deployment) && !HasGivenUp(deployment) => ResourceState.RollingOut,
        _ => null,
    };

    /// <summary>The pods that answer are the new ones.</summary>
    public static bool HasSettled(JsonNode deployment) =>
        AreUpdated(deployment) && Number(deployment["status"], "availableReplicas") >= Number(deployment["status"], "updatedReplicas");

    private static bool AreUpdated(JsonNode deployment)
    {
        var status = deployment["status"];
        return Number(status, "observedGeneration") >= Number(deployment["metadata"], "generation")
            && Number(status, "updatedReplicas") >= Wanted(deployment)
            && Number(status, "replicas") <= Number(status, "updatedReplicas");
    }

    /// <summary>Its progress deadline is over: nothing more comes by waiting.</summary>
    private static bool HasGivenUp(JsonNode deployment) =>
        (deployment["status"]?["conditions"] as JsonArray)?.Any(condition => (string?)condition?["type"] == "Progressing" && (string?)condition["status"] == "False") is true;

    private static long Wanted(JsonNode deployment) => Number(deployment["spec"], "replicas", 1);

    private static long Number(JsonNode? of, string name, long otherwise = 0) => of?[name]?.GetValue<long>() ?? otherwise;
}
