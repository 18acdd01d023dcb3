namespace Docker.DotNet.Models;

/// <summary>A container in a list.</summary>
public class ContainerListResponse
{
    /// <summary>Its id, 64 hexadecimal digits.</summary>
    public string ID { get; set; }

    /// <summary>Its names, each with a leading slash.</summary>
    public IList<string> Names { get; set; }

    /// <summary>The name of its image.</summary>
    public string Image { get; set; }

    /// <summary>The digest of its image.</summary>
    public string ImageID { get; set; }

    /// <summary>Its command line.</summary>
    public string Command { get; set; }

    /// <summary>When it was made.</summary>
    public DateTime Created { get; set; }

    /// <summary>Its ports.</summary>
    public IList<Port> Ports { get; set; }

    /// <summary>Its labels.</summary>
    public IDictionary<string, string> Labels { get; set; }

    /// <summary>created, running, paused, restarting, removing, exited or dead.</summary>
    public string State { get; set; }

    /// <summary>The state for a person: Up 5 minutes (healthy).</summary>
    public string Status { get; set; }
}
