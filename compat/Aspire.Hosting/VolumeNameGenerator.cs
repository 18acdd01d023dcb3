using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Names volumes so that two applications on a machine do not share one.</summary>
public static class VolumeNameGenerator
{
    /// <summary>A volume's name for a resource of this AppHost.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="suffix">What the volume holds.</param>
    public static string Generate<T>(IResourceBuilder<T> builder, string suffix)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        var application = builder.ApplicationBuilder;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            application.ExecutionContext.IsPublishMode ? application.Environment.ApplicationName : application.AppHostDirectory)));
        var name = application.Environment.ApplicationName.ToLowerInvariant();
        return $"{name}-{hash[..10]}-{builder.Resource.Name}-{suffix}";
    }
}
