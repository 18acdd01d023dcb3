using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Asks resources about themselves.</summary>
public static class ResourceExtensions
{
    /// <summary>The last annotation of a type.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="resource">The resource.</param>
    /// <param name="annotation">The annotation found.</param>
    public static bool TryGetLastAnnotation<T>(this IResource resource, [NotNullWhen(true)] out T? annotation)
        where T : IResourceAnnotation
    {
        ArgumentNullException.ThrowIfNull(resource);
        annotation = resource.Annotations.OfType<T>().LastOrDefault();
        return annotation is not null;
    }

    /// <summary>The annotations of a type.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="resource">The resource.</param>
    /// <param name="result">The annotations found.</param>
    public static bool TryGetAnnotationsOfType<T>(this IResource resource, [NotNullWhen(true)] out IEnumerable<T>? result)
        where T : IResourceAnnotation
    {
        ArgumentNullException.ThrowIfNull(resource);
        var found = resource.Annotations.OfType<T>().ToArray();
        result = found.Length > 0 ? found : null;
        return result is not null;
    }

    /// <summary>Whether a resource has an annotation of a type.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="resource">The resource.</param>
    public static bool HasAnnotationOfType<T>(this IResource resource)
        where T : IResourceAnnotation
    {
        ArgumentNullException.ThrowIfNull(resource);
        return resource.Annotations.OfType<T>().Any();
    }

    /// <summary>The endpoints of a resource.</summary>
    /// <param name="resource">The resource.</param>
    public static IEnumerable<EndpointReference> GetEndpoints(this IResourceWithEndpoints resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => new EndpointReference(resource, endpoint.Name)).ToArray();
    }

    /// <summary>An endpoint of a resource, there or not.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="endpointName">The endpoint.</param>
    public static EndpointReference GetEndpoint(this IResourceWithEndpoints resource, string endpointName) => new(resource, endpointName);

    /// <summary>The image of a container.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="imageName">Registry, image and tag.</param>
    public static bool TryGetContainerImageName(this IResource resource, [NotNullWhen(true)] out string? imageName)
    {
        imageName = resource.TryGetLastAnnotation<ContainerImageAnnotation>(out var image)
            ? $"{(image.Registry is { Length: > 0 } registry ? $"{registry}/" : "")}{image.Image}{(image.Tag is { Length: > 0 } tag ? $":{tag}" : "")}"
            : null;
        return imageName is not null;
    }

    /// <summary>The environment that a resource is given.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="applicationOperation">Values to run with, or expressions to publish.</param>
    public static async ValueTask<Dictionary<string, string>> GetEnvironmentVariableValuesAsync(
        this IResourceWithEnvironment resource,
        DistributedApplicationOperation applicationOperation = DistributedApplicationOperation.Run)
    {
        var environment = await resource.EvaluateEnvironmentAsync(new(applicationOperation), CancellationToken.None).ConfigureAwait(false);
        return environment.ToDictionary(variable => variable.Name, variable => variable.Value ?? "");
    }

    /// <summary>The arguments that a resource is given.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="applicationOperation">Values to run with, or expressions to publish.</param>
    public static async ValueTask<string[]> GetArgumentValuesAsync(
        this IResourceWithArgs resource,
        DistributedApplicationOperation applicationOperation = DistributedApplicationOperation.Run)
    {
        var arguments = await resource.EvaluateArgumentsAsync(new(applicationOperation), CancellationToken.None).ConfigureAwait(false);
        return [.. arguments.Select(argument => argument.Value)];
    }

    internal static bool RunsInContainer(this IResource resource) =>
        resource is ContainerResource && !resource.HasAnnotationOfType<Orchestration.LocalProcessAnnotation>();
}
