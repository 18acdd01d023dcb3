namespace Aspire.Hosting;

/// <summary>How an application is made.</summary>
public sealed class DistributedApplicationOptions
{
    /// <summary>The command line.</summary>
    public string[]? Args { get; set; }

    /// <summary>The AppHost's assembly; the entry assembly when not given.</summary>
    public string? AssemblyName { get; set; }

    /// <summary>The AppHost's folder; the one it was built from when not given.</summary>
    public string? ProjectDirectory { get; set; }

    /// <summary>Whether the dashboard stays away.</summary>
    public bool DisableDashboard { get; set; }

    /// <summary>Whether the resources' output goes to the application's log.</summary>
    public bool EnableResourceLogging { get; set; }

    /// <summary>Whether plain HTTP is fine.</summary>
    public bool AllowUnsecuredTransport { get; set; }
}
