namespace Docker.DotNet.Models;

/// <summary>What a container's health check says.</summary>
public class Health
{
    /// <summary>starting, healthy or unhealthy.</summary>
    public string Status { get; set; }

    /// <summary>How many checks in a row have failed.</summary>
    public long FailingStreak { get; set; }

    /// <summary>The latest checks.</summary>
    public IList<HealthcheckResult> Log { get; set; }
}
