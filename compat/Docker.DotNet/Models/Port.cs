namespace Docker.DotNet.Models;

/// <summary>A port of a container.</summary>
public class Port
{
    /// <summary>The host's address it is published on.</summary>
    public string IP { get; set; }

    /// <summary>The container's port.</summary>
    public ushort PrivatePort { get; set; }

    /// <summary>The host's port; 0 when it is not published.</summary>
    public ushort PublicPort { get; set; }

    /// <summary>tcp, udp or sctp.</summary>
    public string Type { get; set; }
}
