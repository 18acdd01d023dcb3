namespace Docker.DotNet.Models;

/// <summary>What a container was made of.</summary>
public class Config
{
    /// <summary>Its host name.</summary>
    public string Hostname { get; set; }

    /// <summary>Who its processes run as.</summary>
    public string User { get; set; }

    /// <summary>Its environment, NAME=value.</summary>
    public IList<string> Env { get; set; }

    /// <summary>Its command.</summary>
    public IList<string> Cmd { get; set; }

    /// <summary>The name of its image.</summary>
    public string Image { get; set; }

    /// <summary>Where its command runs.</summary>
    public string WorkingDir { get; set; }

    /// <summary>What runs its command.</summary>
    public IList<string> Entrypoint { get; set; }

    /// <summary>Its labels.</summary>
    public IDictionary<string, string> Labels { get; set; }
}
