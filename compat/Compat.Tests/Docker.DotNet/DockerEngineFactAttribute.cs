using Docker.DotNet;

namespace Compat.Tests.Docker;

/// <summary>A fact that needs a real engine; xUnit 2 has no skip at run time, so the engine is asked when tests are discovered.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DockerEngineFactAttribute : FactAttribute
{
    /// <summary>Where the docker CLI looks too.</summary>
    public static Uri Endpoint { get; } = new(Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host ? host : "unix:///var/run/docker.sock");

    private static readonly string? Missing = Probe();

    public DockerEngineFactAttribute() => Skip = Missing;

    private static string? Probe()
    {
        if (!Installed("docker") || !Installed("busybox")) return Say("The docker command or busybox, of which the container is made, is not installed.");
        try
        {
            using var docker = new DockerClientConfiguration(Endpoint, defaultTimeout: TimeSpan.FromSeconds(2)).CreateClient();
            docker.System.PingAsync().GetAwaiter().GetResult();
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or DockerApiException)
        {
            return Say($"No Docker engine answers on {Endpoint}: {e.Message}");
        }
    }

    private static bool Installed(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static string Say(string reason)
    {
        Console.WriteLine($"Skipped, the tests against a real Docker engine: {reason}");
        return reason;
    }
}
