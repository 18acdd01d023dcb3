using AetherLink.LoadGenerator.Running;

namespace AetherLink.Tests.AutoHeal.Docker;

/// <summary>A real engine for the tests of a class, where one can run; where none can, there are no such tests.</summary>
public sealed class DockerEngineFixture : IAsyncLifetime
{
    private DockerEngine? _engine;

    internal DockerEngine Engine => _engine ?? throw new InvalidOperationException(DockerEngine.WhyNot);

    public async Task InitializeAsync() => _engine = DockerEngine.WhyNot is null ? await DockerEngine.CreateAsync() : null;

    public async Task DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
    }
}

/// <summary>A fact that needs an engine; xUnit 2 has no skip at run time, so it is decided when tests are discovered.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DockerFactAttribute : FactAttribute
{
    public DockerFactAttribute()
    {
        if (DockerEngine.WhyNot is not { } reason)
            return;
        Skip = reason;
        Console.WriteLine($"Skipped, the healing of real containers: {reason}");
    }
}
