using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>Makes of a resource of the model what is started here for it.</summary>
internal sealed class Launch(
    AspireStore store,
    ContainerEngine engine,
    DistributedApplicationExecutionContext executionContext,
    Func<Watcher> watcher,
    IServiceProvider services)
{
    public async Task<(ProcessSpec Spec, ImmutableArray<EnvironmentVariableSnapshot> Variables)> PrepareAsync(
        IResource resource,
        Action<string> write,
        CancellationToken cancellationToken)
    {
        if (resource.TryGetLastAnnotation<LocalProcessAnnotation>(out var local))
        {
            return (await local.Prepare(new(services, resource, store, write), cancellationToken).ConfigureAwait(false), []);
        }

        if (resource is ContainerResource unchecked_ && unchecked_.TryGetContainerImageName(out var image)
            && await engine.FindObstacleAsync(image, write, cancellationToken).ConfigureAwait(false) is { } obstacle)
        {
            throw new UnavailableException(obstacle);
        }

        var environment = await resource.EvaluateEnvironmentAsync(executionContext, cancellationToken).ConfigureAwait(false);
        var arguments = await resource.EvaluateArgumentsAsync(executionContext, cancellationToken).ConfigureAwait(false);
        ImmutableArray<EnvironmentVariableSnapshot> variables =
            [.. environment.Select(variable => new EnvironmentVariableSnapshot(variable.Name, variable.Value, IsFromSpec: true))];
        switch (resource)
        {
            case ProjectResource project:
                var path = project.Annotations.OfType<IProjectMetadata>().Last().ProjectPath;
                var program = ProjectOutput.Find(path);
                return (Spec(DotNetHost.Path, Path.GetDirectoryName(path)!, program), variables);
            case ExecutableResource executable:
                return (Spec(executable.Command, executable.WorkingDirectory), variables);
            case ContainerResource container:
                watcher().UsesEngine(engine.Program);
                return (await engine.PrepareAsync(container, environment, arguments, store, cancellationToken).ConfigureAwait(false), variables);
            default:
                throw new DistributedApplicationException($"A resource of type {resource.GetType()} cannot be started here.");
        }

        ProcessSpec Spec(string fileName, string folder, params string[] first) =>
            new(fileName, [.. first, .. arguments.Select(argument => argument.Value)], folder)
            {
                Environment = environment.ToDictionary(variable => variable.Name, variable => variable.Value!),
            };
    }
}
