namespace Docker.DotNet.Models;

/// <summary>How to start a container.</summary>
public class ContainerStartParameters
{
    /// <summary>The keys that detach a terminal.</summary>
    public string DetachKeys { get; set; }
}
