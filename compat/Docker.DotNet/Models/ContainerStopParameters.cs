namespace Docker.DotNet.Models;

/// <summary>How to stop a container.</summary>
public class ContainerStopParameters
{
    /// <summary>How many seconds it has before it is killed.</summary>
    public uint? WaitBeforeKillSeconds { get; set; }
}
