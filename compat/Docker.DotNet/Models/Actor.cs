namespace Docker.DotNet.Models;

/// <summary>Whom an event is about.</summary>
public class Actor
{
    /// <summary>The object's id.</summary>
    public string ID { get; set; }

    /// <summary>A container's name, image, labels, and exitCode when it died.</summary>
    public IDictionary<string, string> Attributes { get; set; }
}
