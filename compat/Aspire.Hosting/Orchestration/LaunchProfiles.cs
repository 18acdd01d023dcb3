using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Orchestration;

/// <summary>The launch profiles of a project.</summary>
internal static class LaunchProfiles
{
    private static readonly JsonSerializerOptions Lenient = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>
    /// The profile that is asked for; else the AppHost's own, where the project has one of that name; else the first.
    /// </summary>
    internal static Profile? Find(string projectPath, string? name, IConfiguration configuration)
    {
        var profiles = Read(Path.GetDirectoryName(projectPath)!);
        if (name is not null)
        {
            return profiles.FirstOrDefault(profile => profile.Name == name) ?? throw new DistributedApplicationException(
                $"Launch profile '{name}' not found in the launch settings of '{projectPath}'.");
        }

        var appHosts = configuration["AppHost:DefaultLaunchProfileName"] ?? configuration["DOTNET_LAUNCH_PROFILE"];
        return profiles.FirstOrDefault(profile => profile.Name == appHosts) ?? (profiles is [var first, ..] ? first : null);
    }

    internal static IReadOnlyList<Profile> Read(string projectDirectory)
    {
        var path = Path.Combine(projectDirectory, "Properties", "launchSettings.json");
        if (!File.Exists(path))
        {
            return [];
        }

        using var file = File.OpenRead(path);
        var settings = JsonSerializer.Deserialize<Settings>(file, Lenient);
        return
        [
            .. (settings?.Profiles ?? [])
                .Where(profile => profile.Value.CommandName == "Project")
                .Select(profile => new Profile(
                    profile.Key,
                    EndpointsOf(profile.Value.ApplicationUrl),
                    profile.Value.EnvironmentVariables ?? [])),
        ];
    }

    // The first of a scheme has the scheme as its name, the next a number: http, https, http2.
    private static List<(string, Uri)> EndpointsOf(string? applicationUrl)
    {
        var endpoints = new List<(string, Uri)>();
        foreach (var url in applicationUrl?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [])
        {
            var uri = new Uri(url.Replace("://*", "://+", StringComparison.Ordinal).Replace("://+", "://localhost", StringComparison.Ordinal));
            var sameScheme = endpoints.Count(endpoint => endpoint.Item2.Scheme == uri.Scheme);
            endpoints.Add((sameScheme == 0 ? uri.Scheme : $"{uri.Scheme}{sameScheme + 1}", uri));
        }

        return endpoints;
    }

    internal sealed record Profile(
        string Name,
        IReadOnlyList<(string Name, Uri Uri)> Endpoints,
        IReadOnlyDictionary<string, string> EnvironmentVariables);

    private sealed record Settings(Dictionary<string, RawProfile>? Profiles);

    private sealed record RawProfile(string? CommandName, string? ApplicationUrl, Dictionary<string, string>? EnvironmentVariables);
}
