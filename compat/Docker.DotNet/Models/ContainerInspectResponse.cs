namespace Docker.DotNet.Models;

/// <summary>Everything about a container.</summary>
public class ContainerInspectResponse
{
    /// <summary>Its id, 64 hexadecimal digits.</summary>
    public string ID { get; set; }

    /// <summary>When it was made.</summary>
    public DateTime Created { get; set; }

    /// <summary>Its program.</summary>
    public string Path { get; set; }

    /// <summary>The program's arguments.</summary>
    public IList<string> Args { get; set; }

    /// <summary>What it is doing.</summary>
    public ContainerState State { get; set; }

    /// <summary>The digest of its image.</summary>
    public string Image { get; set; }

    /// <summary>Its name, with a leading slash.</summary>
    public string Name { get; set; }

    /// <summary>How often its restart policy has restarted it.</summary>
    public long RestartCount { get; set; }

    /// <summary>What it was made of.</summary>
    public Config Config { get; set; }
}
