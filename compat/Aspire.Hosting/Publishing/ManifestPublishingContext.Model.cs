using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <content>The whole model, resource by resource.</content>
public sealed partial class ManifestPublishingContext
{
    internal async Task WriteModelAsync(DistributedApplicationModel model)
    {
        _resourceNames.UnionWith(model.Resources.Select(resource => resource.Name));
        Writer.WriteStartObject();
        Writer.WriteStartObject("resources");
        foreach (var resource in model.Resources)
        {
            await WriteResourceAsync(resource).ConfigureAwait(false);
        }

        foreach (var resource in _referenced.Values.Except(model.Resources).ToArray())
        {
            await WriteResourceAsync(resource).ConfigureAwait(false);
        }

        foreach (var parameter in _encoded.Keys.ToArray())
        {
            WriteEncoded(parameter);
        }

        Writer.WriteEndObject();
        Writer.WriteEndObject();
        await Writer.FlushAsync(CancellationToken).ConfigureAwait(false);
    }

    private async Task WriteResourceAsync(IResource resource)
    {
        Func<Task>? write = resource switch
        {
            _ when resource.TryGetLastAnnotation<ManifestPublishingCallbackAnnotation>(out var own) => own.Callback is { } callback ? () => callback(this) : null,
            ContainerResource container => () => WriteContainerAsync(container),
            ProjectResource project => () => WriteProjectAsync(project),
            ExecutableResource executable => () => WriteExecutableAsync(executable),
            ParameterResource parameter => () => WriteParameter(parameter),
            IResourceWithConnectionString connection => () => WriteValue(connection),
            _ => WriteError,
        };
        if (write is null)
        {
            return;
        }

        Writer.WriteStartObject(resource.Name);
        await write().ConfigureAwait(false);
        Writer.WriteEndObject();
        if (resource is ParameterResource written)
        {
            WriteEncoded(written);
        }
    }

    private Task WriteError()
    {
        Writer.WriteString("error", "This resource does not support generation in the manifest.");
        return Task.CompletedTask;
    }

    private async Task WriteProjectAsync(ProjectResource project)
    {
        Writer.WriteString("type", "project.v0");
        Writer.WriteString("path", GetManifestRelativePath(project.Annotations.OfType<IProjectMetadata>().Last().ProjectPath));
        await WriteCommandLineArgumentsAsync(project).ConfigureAwait(false);
        await WriteEnvironmentVariablesAsync(project).ConfigureAwait(false);
        WriteBindings(project);
    }

    private async Task WriteExecutableAsync(ExecutableResource executable)
    {
        Writer.WriteString("type", "executable.v0");
        WriteConnectionString(executable);
        Writer.WriteString("workingDirectory", GetManifestRelativePath(executable.WorkingDirectory));
        Writer.WriteString("command", executable.Command);
        await WriteCommandLineArgumentsAsync(executable).ConfigureAwait(false);
        await WriteEnvironmentVariablesAsync(executable).ConfigureAwait(false);
        WriteBindings(executable);
    }

    private Task WriteParameter(ParameterResource parameter)
    {
        Writer.WriteString("type", "parameter.v0");
        if (parameter.IsConnectionString)
        {
            Writer.WriteString("connectionString", parameter.ValueExpression);
        }

        Writer.WriteString("value", $"{{{parameter.Name}.inputs.value}}");
        Writer.WriteStartObject("inputs");
        Writer.WriteStartObject("value");
        Writer.WriteString("type", "string");
        if (parameter.Secret)
        {
            Writer.WriteBoolean("secret", true);
        }

        if (parameter.Default is { } value)
        {
            Writer.WriteStartObject("default");
            value.WriteToManifest(this);
            Writer.WriteEndObject();
        }

        Writer.WriteEndObject();
        Writer.WriteEndObject();
        return Task.CompletedTask;
    }

    private Task WriteValue(IResourceWithConnectionString resource)
    {
        Writer.WriteString("type", "value.v0");
        WriteConnectionString(resource);
        return Task.CompletedTask;
    }
}
