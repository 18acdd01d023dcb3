using AetherLink.AutoHeal.Governing;

namespace AetherLink.AutoHeal.Watching;

/// <summary>Something that can be looked at and restarted. Only what is enrolled becomes one.</summary>
internal abstract class HealTarget(string name)
{
    public string Name => name;

    /// <summary>What it is, in a word: service or container.</summary>
    public abstract string Kind { get; }

    /// <summary>False for what others only told of: it is watched, and never restarted.</summary>
    public virtual bool IsEnrolled => true;

    /// <summary>Why nobody here can restart it, when that is so: it is watched all the same.</summary>
    public virtual string? WhyNot => null;

    public abstract Task<Sighting> LookAsync(CancellationToken cancellationToken);

    /// <summary>What would have to be done to it now: start or restart.</summary>
    public abstract Task<string> ActionAsync(CancellationToken cancellationToken);

    /// <exception cref="HealFailedException">It could not be done.</exception>
    public abstract Task ActAsync(string action, CancellationToken cancellationToken);

    /// <summary>Asked again and again after a restart.</summary>
    public abstract Task<bool> IsHealthyAsync(CancellationToken cancellationToken);

    /// <summary>How it has ended, where whoever runs it says that it has: no waiting makes it well.</summary>
    public virtual Task<string?> HowItEndedAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);
}

/// <summary>The command was refused or did not end; the message is for the history.</summary>
internal sealed class HealFailedException(string message, Exception? inner = null) : Exception(message, inner);
