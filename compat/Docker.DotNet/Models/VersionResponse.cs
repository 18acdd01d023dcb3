namespace Docker.DotNet.Models;

/// <summary>The engine's versions.</summary>
public class VersionResponse
{
    /// <summary>The engine's.</summary>
    public string Version { get; set; }

    /// <summary>The newest API it speaks.</summary>
    public string APIVersion { get; set; }

    /// <summary>The oldest.</summary>
    public string MinAPIVersion { get; set; }

    /// <summary>The commit it was built from.</summary>
    public string GitCommit { get; set; }

    /// <summary>The Go it was built with.</summary>
    public string GoVersion { get; set; }

    /// <summary>The operating system.</summary>
    public string Os { get; set; }

    /// <summary>The processor architecture.</summary>
    public string Arch { get; set; }

    /// <summary>The kernel.</summary>
    public string KernelVersion { get; set; }

    /// <summary>Whether experimental features are on.</summary>
    public bool Experimental { get; set; }

    /// <summary>When it was built.</summary>
    public string BuildTime { get; set; }
}
