using AetherLink.LoadGenerator.Running;

namespace Compat.Tests.Docker;

/// <summary>The engine of the tests that need one. Where none answers they have one of their own, which every docker command finds by DOCKER_HOST.</summary>
public sealed class DockerEngineFixture : IAsyncLifetime
{
    private const string Variable = "DOCKER_HOST";

    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);
    private DockerEngine? _own;

    /// <summary>Where the docker CLI looks.</summary>
    public static Uri Default { get; } = new(Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } host ? host : "unix:///var/run/docker.sock");

    public Uri Endpoint => _own is null ? Default : new(_own.Endpoint);

    public async Task InitializeAsync()
    {
        if (DockerEngineFactAttribute.Answers(Default) is null || DockerEngine.WhyNot is not null) return;
        _own = await DockerEngine.CreateAsync();
        Environment.SetEnvironmentVariable(Variable, _own.Endpoint);
    }

    public async Task DisposeAsync()
    {
        if (_own is null) return;
        Environment.SetEnvironmentVariable(Variable, _before);
        await _own.DisposeAsync();
    }
}

/// <summary>The tests that share it.</summary>
[CollectionDefinition(Name)]
public sealed class DockerEngines : ICollectionFixture<DockerEngineFixture>
{
    public const string Name = "a Docker engine";
}
