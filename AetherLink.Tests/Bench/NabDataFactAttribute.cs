namespace AetherLink.Tests.Bench;

/// <summary>A fact that needs the half of the Numenta Anomaly Benchmark beside the repository; xUnit 2 has no skip at run time.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NabDataFactAttribute : FactAttribute
{
    public NabDataFactAttribute()
    {
        if (Folder is null)
        {
            Skip = "The benchmark's data is not there (AETHERLINK_NAB_DATA, or ../shared/data/nab beside the repository).";
            Console.WriteLine($"Skipped: {Skip}");
        }
    }

    public static string? Folder { get; } = Find();

    // A worktree may lie one folder deeper than the repository itself.
    private static string? Find() => new[]
    {
        Environment.GetEnvironmentVariable("AETHERLINK_NAB_DATA"),
        Path.Combine(Repository.Root, "..", "shared", "data", "nab"),
        Path.Combine(Repository.Root, "..", "..", "shared", "data", "nab"),
    }.FirstOrDefault(Directory.Exists);
}
