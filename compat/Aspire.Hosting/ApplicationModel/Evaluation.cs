using System.Globalization;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Turns what the model says of a resource's environment and arguments into text.</summary>
internal static class Evaluation
{
    internal static async Task<IReadOnlyList<(string Name, object Source, string? Value)>> EvaluateEnvironmentAsync(
        this IResource resource,
        DistributedApplicationExecutionContext executionContext,
        CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(executionContext, resource, [], cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToArray())
        {
            await annotation.Callback(context).ConfigureAwait(false);
        }

        var variables = new List<(string, object, string?)>();
        foreach (var (name, source) in context.EnvironmentVariables)
        {
            var value = await ValueAsync(resource, source, executionContext, $"variable '{name}'", cancellationToken).ConfigureAwait(false);
            if (value is not null)
            {
                variables.Add((name, source, value));
            }
        }

        return variables;
    }

    internal static async Task<IReadOnlyList<(object Source, string Value)>> EvaluateArgumentsAsync(
        this IResource resource,
        DistributedApplicationExecutionContext executionContext,
        CancellationToken cancellationToken)
    {
        var context = new CommandLineArgsCallbackContext([], resource, cancellationToken) { ExecutionContext = executionContext };
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToArray())
        {
            await annotation.Callback(context).ConfigureAwait(false);
        }

        var arguments = new List<(object, string)>();
        foreach (var source in context.Args)
        {
            var value = await ValueAsync(resource, source, executionContext, "arguments", cancellationToken).ConfigureAwait(false);
            arguments.Add((source, value ?? ""));
        }

        return arguments;
    }

    private static async ValueTask<string?> ValueAsync(
        IResource resource,
        object source,
        DistributedApplicationExecutionContext executionContext,
        string where,
        CancellationToken cancellationToken)
    {
        source = source is IResourceBuilder<IResource> builder ? builder.Resource : source;
        return source switch
        {
            string text => text,
            IManifestExpressionProvider expression when executionContext.IsPublishMode => expression.ValueExpression,
            IValueProvider provider => await provider.GetValueAsync(
                new() { ExecutionContext = executionContext, Caller = resource },
                cancellationToken).ConfigureAwait(false),
            bool flag => flag ? "true" : "false",
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            null => null,
            _ => throw new DistributedApplicationException($"The {where} of '{resource.Name}' has a value of type {source.GetType()}, which cannot be used there."),
        };
    }
}
