using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Compat.Tests.Switch;

/// <summary>One property decides between the real packages and those of compat/; the projects name the packages either way.</summary>
public sealed class CompatSwitchTests
{
    private static readonly string Root = FindRoot();

    private static readonly string[] StandIns =
        [.. Directory.EnumerateDirectories(Path.Combine(Root, "compat")).Select(folder => Path.GetFileName(folder)!)];

    /// <summary>Every project but the AppHost, which has an SDK of its own, and what is in compat/ itself.</summary>
    public static TheoryData<string> Applications =>
        [.. Directory.EnumerateFiles(Root, "*.csproj", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 })
            .Select(file => Path.GetRelativePath(Root, file))
            .Where(file => !file.StartsWith("compat", StringComparison.Ordinal) && Path.GetFileName(file) != "AetherLink.AppHost.csproj")];

    [Theory]
    [MemberData(nameof(Applications))]
    public async Task A_project_asks_for_the_real_packages_when_compat_is_off(string project)
    {
        var items = await ItemsAsync(project, useCompat: false);

        Assert.DoesNotContain(items.Projects, reference => reference.Contains("compat", StringComparison.Ordinal));
        Assert.Superset(Declared(project).ToHashSet(), items.Packages.ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Applications))]
    public async Task A_project_is_built_against_the_stand_ins_when_compat_is_on(string project)
    {
        var items = await ItemsAsync(project, useCompat: true);

        Assert.Empty(items.Packages.Intersect(StandIns));
        Assert.Superset(
            Declared(project).Intersect(StandIns).ToHashSet(),
            items.Projects.Select(reference => Path.GetFileNameWithoutExtension(reference)).ToHashSet());
    }

    [Fact]
    public async Task The_AppHost_asks_for_the_real_SDK_when_compat_is_off()
    {
        var (output, exitCode) = await RunAsync(
            "msbuild", Path.Combine(Root, "AetherLink.AppHost", "AetherLink.AppHost.csproj"), "-getItem:PackageReference", "-p:UseCompat=false");

        // Where the feed has it, the packages are answered; where it has not, the SDK that was asked for is named (MSB4236).
        Assert.True(exitCode == 0 ? output.Contains("Aspire.Hosting.AppHost", StringComparison.Ordinal)
            : output.Contains("Aspire.AppHost.Sdk", StringComparison.Ordinal), output);
    }

    private static IEnumerable<string> Declared(string project) =>
        System.Xml.Linq.XDocument.Load(PathOf(project)).Descendants("PackageReference").Select(package => (string)package.Attribute("Include")!);

    private static string PathOf(string project) => Path.Combine(Root, project);

    private static async Task<(string[] Packages, string[] Projects)> ItemsAsync(string project, bool useCompat)
    {
        var (output, exitCode) = await RunAsync(
            "msbuild", PathOf(project), "-getItem:PackageReference,ProjectReference", $"-p:UseCompat={(useCompat ? "true" : "false")}");
        Assert.True(exitCode == 0, output);
        var items = JsonNode.Parse(output)!["Items"]!;
        return (Identities(items["PackageReference"]), Identities(items["ProjectReference"]));
    }

    private static string[] Identities(JsonNode? items) =>
        [.. (items?.AsArray() ?? []).Select(item => (string)item!["Identity"]!)];

    private static async Task<(string Output, int ExitCode)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // The test host's own MSBuild variables would lead this one to another SDK's tasks.
            Environment = { ["MSBuildSDKsPath"] = null, ["MSBuildExtensionsPath"] = null },
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode == 0 ? output : output + await errors, process.ExitCode);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AetherLink.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"No AetherLink.sln above {AppContext.BaseDirectory}.");
        }

        return folder.FullName;
    }
}
