namespace Docker.DotNet.Models;

/// <summary>Which containers to list.</summary>
public class ContainersListParameters
{
    /// <summary>Whether to measure their file systems.</summary>
    public bool? Size { get; set; }

    /// <summary>Whether to list the stopped ones too.</summary>
    public bool? All { get; set; }

    /// <summary>Only those made after this one.</summary>
    public string Since { get; set; }

    /// <summary>Only those made before this one.</summary>
    public string Before { get; set; }

    /// <summary>How many at most, the newest first.</summary>
    public long? Limit { get; set; }

    /// <summary>Filters by name and values: label, status, health, name.</summary>
    public IDictionary<string, IDictionary<string, bool>> Filters { get; set; }
}
