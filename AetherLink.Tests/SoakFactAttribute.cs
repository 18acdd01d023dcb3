namespace AetherLink.Tests;

/// <summary>A fact of the soak alone; xUnit 2 has no skip at run time, so it is decided when tests are discovered.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SoakFactAttribute : FactAttribute
{
    /// <param name="because">Why it is not in every run; printed where it is skipped.</param>
    public SoakFactAttribute(string because)
    {
        if (!Soak.IsOn)
        {
            Skip = because;
            Console.WriteLine($"Skipped without AETHERLINK_SOAK: {because}");
        }
    }
}
