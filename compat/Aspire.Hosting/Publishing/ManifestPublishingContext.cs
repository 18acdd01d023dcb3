using System.Text.Json;

namespace Aspire.Hosting.Publishing;

/// <summary>Writes the manifest.</summary>
/// <param name="executionContext">The mode the application runs in.</param>
/// <param name="manifestPath">The file.</param>
/// <param name="writer">What writes it.</param>
/// <param name="cancellationToken">Stops writing.</param>
public sealed partial class ManifestPublishingContext(
    DistributedApplicationExecutionContext executionContext,
    string manifestPath,
    Utf8JsonWriter writer,
    CancellationToken cancellationToken = default)
{
    /// <summary>The mode the application runs in.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;

    /// <summary>The file.</summary>
    public string ManifestPath { get; } = manifestPath;

    /// <summary>What writes it.</summary>
    public Utf8JsonWriter Writer { get; } = writer;

    /// <summary>Stops writing.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;
}
