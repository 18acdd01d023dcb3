using AetherLink.LoadGenerator.Table;

namespace AetherLink.LoadGenerator.Cases;

/// <summary>One thing that is measured. It starts what it needs, and nothing of it runs when it returns.</summary>
internal interface ICase
{
    string Name { get; }

    Task<IReadOnlyList<Row>> RunAsync(Bench bench, CancellationToken cancellationToken);
}
