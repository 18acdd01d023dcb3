namespace Docker.DotNet.Models;

/// <summary>What a container is doing.</summary>
public class ContainerState
{
    /// <summary>created, running, paused, restarting, removing, exited or dead.</summary>
    public string Status { get; set; }

    /// <summary>Whether it runs; also true while paused or restarting.</summary>
    public bool Running { get; set; }

    /// <summary>Whether it is frozen.</summary>
    public bool Paused { get; set; }

    /// <summary>Whether its restart policy is at work.</summary>
    public bool Restarting { get; set; }

    /// <summary>Whether it died for want of memory.</summary>
    public bool OOMKilled { get; set; }

    /// <summary>Whether it could not be removed.</summary>
    public bool Dead { get; set; }

    /// <summary>The host's id of its first process.</summary>
    public long Pid { get; set; }

    /// <summary>What its first process ended with.</summary>
    public long ExitCode { get; set; }

    /// <summary>Why it did not start.</summary>
    public string Error { get; set; }

    /// <summary>When it started, ISO 8601.</summary>
    public string StartedAt { get; set; }

    /// <summary>When it ended, ISO 8601; year 1 when it has not.</summary>
    public string FinishedAt { get; set; }

    /// <summary>What its health check says; null without one.</summary>
    public Health Health { get; set; }
}
