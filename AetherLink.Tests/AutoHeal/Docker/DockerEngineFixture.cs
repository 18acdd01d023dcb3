using AetherLink.LoadGenerator.Running;

namespace AetherLink.Tests.AutoHeal.Docker;

/// <summary>A real engine for the tests of a class, where one can run; where none can, who asks for it is skipped.</summary>
public sealed class DockerEngineFixture : IAsyncLifetime
{
    private DockerEngine? _engine;
    private string? _whyNot = DockerEngine.WhyNot;

    internal DockerEngine Engine => _engine ?? throw new NoEngineException(_whyNot!);

    /// <summary>For what is put in order after a test, which may have been skipped.</summary>
    internal DockerEngine? EngineIfAny => _engine;

    public async Task InitializeAsync()
    {
        try
        {
            _engine = _whyNot is null ? await DockerEngine.CreateAsync() : null;
        }
        catch (NoEngineException installed)
        {
            _whyNot = installed.Message;
        }

        if (_whyNot is not null)
            Console.WriteLine($"Skipped, the healing of real containers: {_whyNot}");
    }

    public async Task DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
    }
}
