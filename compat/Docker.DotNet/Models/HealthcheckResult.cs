namespace Docker.DotNet.Models;

/// <summary>One run of a health check.</summary>
public class HealthcheckResult
{
    /// <summary>When it began.</summary>
    public DateTime Start { get; set; }

    /// <summary>When it ended.</summary>
    public DateTime End { get; set; }

    /// <summary>0 is healthy.</summary>
    public long ExitCode { get; set; }

    /// <summary>What it printed.</summary>
    public string Output { get; set; }
}
