namespace Aspire.Hosting.Orchestration;

/// <summary>How long a stop may take, each part of it less than the whole.</summary>
internal static class Shutdown
{
    /// <summary>From SIGTERM to SIGKILL: a web service drains its requests in less.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(4);

    /// <summary>From the beginning of the mesh's stop to the end of everybody's patience: 10 s are promised.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(7);

    /// <summary>What the host waits for before it gives up on its own services.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
}
