using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;

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
    // Resources that are used but are no part of the model, such as a generated password: written after it.
    private readonly Dictionary<string, IResource> _referenced = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The mode the application runs in.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;

    /// <summary>The file.</summary>
    public string ManifestPath { get; } = manifestPath;

    /// <summary>What writes it.</summary>
    public Utf8JsonWriter Writer { get; } = writer;

    /// <summary>Stops writing.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>A path as it is seen from the manifest's folder.</summary>
    /// <param name="path">The path.</param>
    [return: NotNullIfNotNull(nameof(path))]
    public string? GetManifestRelativePath(string? path) => path is null
        ? null
        : Path.GetRelativePath(Path.GetDirectoryName(Path.GetFullPath(ManifestPath))!, path).Replace('\\', '/');

    /// <summary>Notes what a value is made of, so that it is in the manifest too.</summary>
    /// <param name="value">The value.</param>
    public void TryAddDependentResources(object? value)
    {
        if (value is IResource resource)
        {
            _referenced.TryAdd(resource.Name, resource);
        }
        else if (value is IValueWithReferences { References: var references })
        {
            foreach (var reference in references)
            {
                TryAddDependentResources(reference);
            }
        }
    }

    /// <summary>Writes the connection string of a resource that has one.</summary>
    /// <param name="resource">The resource.</param>
    public void WriteConnectionString(IResource resource)
    {
        if (resource is IResourceWithConnectionString { ConnectionStringExpression: var expression })
        {
            TryAddDependentResources(expression);
            Writer.WriteString("connectionString", ExpressionOf(expression, expression.ValueExpression));
        }
    }

    /// <summary>Writes the environment of a resource.</summary>
    /// <param name="resource">The resource.</param>
    public async Task WriteEnvironmentVariablesAsync(IResource resource)
    {
        var variables = await resource.EvaluateEnvironmentAsync(ExecutionContext, CancellationToken).ConfigureAwait(false);
        if (variables.Count == 0)
        {
            return;
        }

        Writer.WriteStartObject("env");
        foreach (var (name, source, value) in variables)
        {
            Writer.WriteString(name, ExpressionOf(source, value));
            TryAddDependentResources(source);
        }

        Writer.WriteEndObject();
    }

    /// <summary>Writes the arguments of a resource.</summary>
    /// <param name="resource">The resource.</param>
    public async Task WriteCommandLineArgumentsAsync(IResource resource)
    {
        var arguments = await resource.EvaluateArgumentsAsync(ExecutionContext, CancellationToken).ConfigureAwait(false);
        if (arguments.Count == 0)
        {
            return;
        }

        Writer.WriteStartArray("args");
        foreach (var (source, value) in arguments)
        {
            Writer.WriteStringValue(ExpressionOf(source, value));
            TryAddDependentResources(source);
        }

        Writer.WriteEndArray();
    }

    /// <summary>Writes a container.</summary>
    /// <param name="container">The container.</param>
    public async Task WriteContainerAsync(ContainerResource container)
    {
        ArgumentNullException.ThrowIfNull(container);
        if (!container.TryGetContainerImageName(out var image))
        {
            throw new DistributedApplicationException($"Could not get the container image name for resource '{container.Name}'.");
        }

        Writer.WriteString("type", "container.v0");
        WriteConnectionString(container);
        Writer.WriteString("image", image);
        if (container.Entrypoint is { } entrypoint)
        {
            Writer.WriteString("entrypoint", entrypoint);
        }

        await WriteCommandLineArgumentsAsync(container).ConfigureAwait(false);
        WriteMounts(container);
        await WriteEnvironmentVariablesAsync(container).ConfigureAwait(false);
        WriteBindings(container);
    }

    private void WriteMounts(ContainerResource container)
    {
        var mounts = container.Annotations.OfType<ContainerMountAnnotation>().ToLookup(mount => mount.Type);
        if (mounts[ContainerMountType.BindMount].Any())
        {
            Writer.WriteStartArray("bindMounts");
            foreach (var mount in mounts[ContainerMountType.BindMount])
            {
                WriteMount("source", GetManifestRelativePath(mount.Source), mount);
            }

            Writer.WriteEndArray();
        }

        if (mounts[ContainerMountType.Volume].Any())
        {
            Writer.WriteStartArray("volumes");
            foreach (var mount in mounts[ContainerMountType.Volume])
            {
                WriteMount("name", mount.Source, mount);
            }

            Writer.WriteEndArray();
        }
    }

    private void WriteMount(string property, string? source, ContainerMountAnnotation mount)
    {
        Writer.WriteStartObject();
        if (source is not null)
        {
            Writer.WriteString(property, source);
        }

        Writer.WriteString("target", mount.Target);
        Writer.WriteBoolean("readOnly", mount.IsReadOnly);
        Writer.WriteEndObject();
    }
}
