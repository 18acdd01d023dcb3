namespace AetherLink.AutoHeal.Watching;

/// <summary>Whoever can restart the mesh's services where this runs.</summary>
internal interface IServiceControl
{
    /// <summary>Why nothing can be restarted through it; null when it can.</summary>
    string? WhyNot { get; }

    /// <returns>How it says that the resource is; null when it says nothing.</returns>
    Task<ResourceState?> FindAsync(string resource, CancellationToken cancellationToken);

    /// <summary>What would have to be done to the resource now.</summary>
    Task<string> ActionAsync(string resource, CancellationToken cancellationToken);

    /// <exception cref="HealFailedException">It was refused, or did not end in time.</exception>
    Task CommandAsync(string resource, string command, CancellationToken cancellationToken);

    /// <summary>Whether what answers now is what was restarted, and not what was there before.</summary>
    Task<bool> HasSettledAsync(string resource, CancellationToken cancellationToken);
}
