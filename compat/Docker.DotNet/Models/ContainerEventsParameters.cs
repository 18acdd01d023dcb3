namespace Docker.DotNet.Models;

/// <summary>Which events to report.</summary>
public class ContainerEventsParameters
{
    /// <summary>Begin with what happened since: seconds since 1970, with a fraction, or ISO 8601.</summary>
    public string Since { get; set; }

    /// <summary>End there instead of following.</summary>
    public string Until { get; set; }

    /// <summary>Filters by name and values: type, event, container, label.</summary>
    public IDictionary<string, IDictionary<string, bool>> Filters { get; set; }
}
