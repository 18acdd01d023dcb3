namespace AetherLink.Tests;

/// <summary>
/// What a real clock holds to a promise of a few seconds: nothing else runs beside these. The rest of the tests mostly waits, and runs in
/// more lanes than the processor has cores (xunit.runner.json).
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "promises of seconds";
}
