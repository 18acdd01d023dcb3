namespace Docker.DotNet.Models;

/// <summary>An event of the engine.</summary>
public class Message
{
    /// <summary>The action, of old engines.</summary>
    public string Status { get; set; }

    /// <summary>The object's id, of old engines.</summary>
    public string ID { get; set; }

    /// <summary>The image, of old engines.</summary>
    public string From { get; set; }

    /// <summary>container, image, network, volume, daemon and others.</summary>
    public string Type { get; set; }

    /// <summary>die, oom, start, health_status: healthy and others.</summary>
    public string Action { get; set; }

    /// <summary>Whom it is about.</summary>
    public Actor Actor { get; set; }

    /// <summary>local or swarm.</summary>
    public string Scope { get; set; }

    /// <summary>When, in seconds since 1970.</summary>
    public long Time { get; set; }

    /// <summary>When, in nanoseconds since 1970.</summary>
    public long TimeNano { get; set; }
}
