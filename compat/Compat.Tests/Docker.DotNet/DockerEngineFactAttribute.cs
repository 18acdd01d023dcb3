using AetherLink.LoadGenerator.Running;
using Docker.DotNet;

namespace Compat.Tests.Docker;

/// <summary>
/// A fact that needs a real engine: one that answers where the docker command looks, or one that these tests start for themselves.
/// xUnit 2 has no skip at run time, so it is decided when tests are discovered.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DockerEngineFactAttribute : FactAttribute
{
    private static readonly string? Missing = Answers(DockerEngineFixture.Default) is { } silence && DockerEngine.WhyNot is { } why
        ? Say($"{silence} None can be started, either: {why}")
        : null;

    public DockerEngineFactAttribute() => Skip = Missing;

    /// <returns>Why not, when it does not.</returns>
    public static string? Answers(Uri endpoint)
    {
        try
        {
            using var docker = new DockerClientConfiguration(endpoint, defaultTimeout: TimeSpan.FromSeconds(2)).CreateClient();
            docker.System.PingAsync().GetAwaiter().GetResult();
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or DockerApiException)
        {
            return $"No Docker engine answers on {endpoint}: {e.Message}.";
        }
    }

    private static string Say(string reason)
    {
        Console.WriteLine($"Skipped, the tests against a real Docker engine: {reason}");
        return reason;
    }
}
