using System.Reflection;
using System.Text.Json;

namespace AetherLink.ServiceDefaults;

/// <summary>Who this process is in the mesh.</summary>
/// <param name="Resource">The resource name: the one name by which others find it.</param>
/// <param name="Name">What <c>/ping</c> says.</param>
/// <param name="Version">The version of the product.</param>
/// <param name="Instance">Unique to this process.</param>
public sealed record ServiceIdentity(string Resource, string Name, string Version, string Instance)
{
    internal static ServiceIdentity Of(IConfiguration configuration, IHostEnvironment environment, string? name)
    {
        var resource = configuration["OTEL_SERVICE_NAME"] is { Length: > 0 } given
            ? given
            : JsonNamingPolicy.KebabCaseLower.ConvertName(environment.ApplicationName.Split('.')[^1]);
        return new(resource, name ?? resource, ProductVersion, $"{resource}-{Guid.CreateVersion7():N}");
    }

    private static string ProductVersion => typeof(ServiceIdentity).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";
}
