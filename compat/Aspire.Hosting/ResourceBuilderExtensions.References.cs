using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <content>What a resource is told of others.</content>
public static partial class ResourceBuilderExtensions
{
    /// <summary>Tells a resource where another is.</summary>
    /// <typeparam name="TDestination">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="source">The other.</param>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment => builder.ReferToEndpoints(source.Resource, endpointName: null, name: null);

    /// <summary>Tells a resource where another is, under another name.</summary>
    /// <typeparam name="TDestination">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="source">The other.</param>
    /// <param name="name">The name.</param>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithServiceDiscovery> source,
        string name)
        where TDestination : IResourceWithEnvironment => builder.ReferToEndpoints(source.Resource, endpointName: null, name);

    /// <summary>Tells a resource where an endpoint is.</summary>
    /// <typeparam name="TDestination">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="endpointReference">The endpoint.</param>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment =>
        builder.ReferToEndpoints(endpointReference.Resource, endpointReference.EndpointName, name: null);

    /// <summary>Tells a resource where something outside of the mesh is.</summary>
    /// <typeparam name="TDestination">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="name">Its name.</param>
    /// <param name="uri">Its address.</param>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        string name,
        Uri uri)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(uri);
        if (!uri.IsAbsoluteUri || uri.AbsolutePath != "/")
        {
            throw new InvalidOperationException($"The address of service '{name}' must be absolute and without a path.");
        }

        return builder.WithEnvironment($"services__{name}__default__0", uri.ToString());
    }

    /// <summary>Tells a resource how to connect to another.</summary>
    /// <typeparam name="TDestination">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="source">The other.</param>
    /// <param name="connectionName">The connection's name, when not the other's.</param>
    /// <param name="optional">Whether the connection string may be missing.</param>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(source);
        var resource = source.Resource;
        var name = connectionName ?? resource.Name;
        return builder.WithRelationship(resource, "Reference").WithEnvironment(context =>
        {
            var variable = resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{name}";
            context.EnvironmentVariables[variable] = new ConnectionStringReference(resource, optional);
            foreach (var (key, value) in resource.GetConnectionProperties())
            {
                context.EnvironmentVariables[$"{VariableName(name)}_{VariableName(key)}"] = value;
            }
        });
    }

    private static IResourceBuilder<T> ReferToEndpoints<T>(
        this IResourceBuilder<T> builder,
        IResourceWithEndpoints source,
        string? endpointName,
        string? name)
        where T : IResourceWithEnvironment
    {
        // One annotation for each source, however many references: the variables are written in one pass.
        var references = builder.Resource.Annotations.OfType<EndpointReferenceAnnotation>()
            .SingleOrDefault(annotation => ReferenceEquals(annotation.Resource, source));
        if (references is null)
        {
            references = new(source);
            builder.WithAnnotation(references).WithEnvironment(context => WriteEndpoints(context, references, name));
        }

        if (endpointName is null)
        {
            references.UseAllEndpoints = true;
        }
        else
        {
            references.EndpointNames.Add(endpointName);
        }

        return builder.WithRelationship(source, "Reference");
    }

    private static void WriteEndpoints(EnvironmentCallbackContext context, EndpointReferenceAnnotation references, string? name)
    {
        var service = name ?? references.Resource.Name;
        foreach (var endpoint in references.Resource.GetEndpoints())
        {
            var byDefault = references.UseAllEndpoints && !endpoint.EndpointAnnotation.ExcludeReferenceEndpoint;
            if (!byDefault && !references.EndpointNames.Contains(endpoint.EndpointName))
            {
                continue;
            }

            context.EnvironmentVariables[$"{(name is null ? VariableName(service) : Encode(name))}_{VariableName(endpoint.EndpointName)}"] = endpoint;

            var isNamedByScheme = endpoint.EndpointName.Equals("http", StringComparison.OrdinalIgnoreCase)
                || endpoint.EndpointName.Equals("https", StringComparison.OrdinalIgnoreCase);
            var prefix = $"services__{service}__{(isNamedByScheme ? endpoint.Scheme : endpoint.EndpointName)}__";
            var index = 0;
            while (context.EnvironmentVariables.ContainsKey(prefix + index))
            {
                index++;
            }

            context.EnvironmentVariables[prefix + index] = endpoint;
        }
    }

    private static string VariableName(string name) => Encode(name).ToUpperInvariant();

    // Letters and digits stay; a variable does not begin with a digit.
    private static string Encode(string name)
    {
        var encoded = string.Create(name.Length, name, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsAsciiLetterOrDigit(source[i]) ? source[i] : '_';
            }
        });
        return encoded.Length > 0 && char.IsAsciiDigit(encoded[0]) ? "_" + encoded : encoded;
    }
}
