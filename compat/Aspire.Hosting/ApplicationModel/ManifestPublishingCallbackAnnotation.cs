using Aspire.Hosting.Publishing;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Writes a resource to the manifest in a way of its own, or not at all.</summary>
/// <param name="callback">Writes it; nothing when null.</param>
public class ManifestPublishingCallbackAnnotation(Func<ManifestPublishingContext, Task>? callback) : IResourceAnnotation
{
    /// <summary>Leaves the resource out.</summary>
    public static ManifestPublishingCallbackAnnotation Ignore { get; } = new(null);

    /// <summary>Writes it; nothing when null.</summary>
    public Func<ManifestPublishingContext, Task>? Callback { get; } = callback;
}
