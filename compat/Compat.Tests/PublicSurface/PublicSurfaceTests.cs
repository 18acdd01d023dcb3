using System.Reflection;

namespace Compat.Tests.PublicSurface;

/// <summary>
/// Beside each stand-in lies api.txt: what of the real package it has, member by member. It is read against the real package
/// when it changes; this test sees to it that nothing becomes public without such a reading.
/// </summary>
public sealed class PublicSurfaceTests
{
    // AETHER_WRITE_API=1 writes the files anew: then read the difference against the real package.
    private static readonly bool Write = Environment.GetEnvironmentVariable("AETHER_WRITE_API") == "1";

    private static readonly string Compat = FindCompat();

    public static TheoryData<string> Packages => [.. Directory.EnumerateFiles(Compat, "api.txt", SearchOption.AllDirectories).Select(file => Path.GetFileName(Path.GetDirectoryName(file))!)];

    [Theory]
    [MemberData(nameof(Packages))]
    public void Stand_in_shows_what_was_held_against_the_real_package_and_nothing_else(string package)
    {
        var file = Path.Combine(Compat, package, "api.txt");
        string[] actual = [.. Surface.Of(Assembly.Load(package))];
        if (Write) File.WriteAllLines(file, actual);

        Assert.Equal(File.ReadAllLines(file), actual);
    }

    private static string FindCompat()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AetherLink.sln"))) folder = folder.Parent!;
        return Path.Combine(folder.FullName, "compat");
    }
}
