namespace Docker.DotNet.Models;

/// <summary>How to restart a container.</summary>
public class ContainerRestartParameters
{
    /// <summary>How many seconds it has before it is killed.</summary>
    public uint? WaitBeforeKillSeconds { get; set; }
}
