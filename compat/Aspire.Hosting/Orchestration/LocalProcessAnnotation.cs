using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>What is started for a resource.</summary>
internal sealed record ProcessSpec(string FileName, IReadOnlyList<string> Arguments, string WorkingDirectory)
{
    /// <summary>What the model says the process is told.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What asks it to end. Postgres ends at once on SIGINT, but waits for its clients on SIGTERM.</summary>
    public int StopSignal { get; init; } = Signals.Terminate;
}

/// <summary>What a local process is prepared with.</summary>
internal sealed record LocalProcessContext(IServiceProvider Services, IResource Resource, AspireStore Store, Action<string> Write);

/// <summary>
/// Says that a resource, a container in the model, is run here by a program of this machine.
/// </summary>
internal sealed class LocalProcessAnnotation(Func<LocalProcessContext, CancellationToken, Task<ProcessSpec>> prepare) : IResourceAnnotation
{
    public Func<LocalProcessContext, CancellationToken, Task<ProcessSpec>> Prepare { get; } = prepare;

    /// <summary>Sees each line of the process's output.</summary>
    public Action<string>? OnLine { get; init; }
}
