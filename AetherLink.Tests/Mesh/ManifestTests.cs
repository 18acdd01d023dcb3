using System.Diagnostics;

namespace AetherLink.Tests.Mesh;

/// <summary>What a deployer's tools read of the AppHost: compared as a whole with the file beside this one.</summary>
public sealed class ManifestTests : IDisposable
{
    /// <summary>Beside the AppHost, so that the paths in the manifest are the same in every checkout.</summary>
    private readonly string _folder = Path.Combine(Repository.Root, "AetherLink.AppHost", "obj", $"manifest-{Guid.NewGuid():N}");

    [Fact]
    public async Task The_published_manifest_is_the_golden_one()
    {
        var appHost = Path.Combine(Path.GetDirectoryName(typeof(ManifestTests).Assembly.Location)!, "AetherLink.AppHost.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [appHost, "--publisher", "manifest", "--output-path", _folder])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Repository.Root,
        })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);

        var published = await File.ReadAllTextAsync(Path.Combine(_folder, "aspire-manifest.json"));
        var golden = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "AetherLink.Tests", "Mesh", "aspire-manifest.golden.json"));

        Assert.Equal(golden.TrimEnd(), published.TrimEnd(), ignoreLineEndingDifferences: true);
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }
}
