namespace Docker.DotNet.Models;

/// <summary>How to kill a container.</summary>
public class ContainerKillParameters
{
    /// <summary>The signal, SIGTERM; SIGKILL when none is named.</summary>
    public string Signal { get; set; }
}
