using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

internal static class ResourceUrls
{
    /// <summary>The addresses of a resource that people open: of its endpoints, as its callbacks have changed them.</summary>
    internal static async Task<ImmutableArray<UrlSnapshot>> FindAsync(
        IResource resource,
        DistributedApplicationExecutionContext executionContext,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        var urls = resource is IResourceWithEndpoints withEndpoints
            ? withEndpoints.GetEndpoints().Select(endpoint => new ResourceUrlAnnotation { Url = endpoint.Url, Endpoint = endpoint }).ToList()
            : [];
        var context = new ResourceUrlsCallbackContext(executionContext, resource, urls, cancellationToken) { Logger = logger };
        foreach (var annotation in resource.Annotations.OfType<ResourceUrlsCallbackAnnotation>())
        {
            await annotation.Callback(context).ConfigureAwait(false);
        }

        return
        [
            .. context.Urls
                .OrderByDescending(url => url.DisplayOrder ?? 0)
                .Select(url => new UrlSnapshot(url.Endpoint?.EndpointName, Absolute(url), IsInternal: false)
                {
                    DisplayProperties = new(url.DisplayText ?? "", url.DisplayOrder ?? 0),
                }),
        ];
    }

    // "/docs" is a path of the endpoint.
    private static string Absolute(ResourceUrlAnnotation url) => url.Endpoint is { } endpoint && url.Url.StartsWith('/')
        ? endpoint.Url + url.Url
        : url.Url;
}
