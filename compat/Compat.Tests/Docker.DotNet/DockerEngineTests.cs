using System.Collections.Concurrent;
using System.Diagnostics;
using AetherLink.Tests;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Compat.Tests.Docker;

/// <summary>The same against a real engine, on a container made of the machine's own busybox: no image can be pulled.</summary>
[Collection(DockerEngines.Name)]
public sealed class DockerEngineTests(DockerEngineFixture engine)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [DockerEngineFact]
    public async Task Real_engine_lists_inspects_restarts_and_reports_a_death()
    {
        var name = $"aether-compat-{Guid.NewGuid():N}"[..24];
        // With a shell, which health commands are run by.
        Run("sh", "-c", $"root=$(mktemp -d) && mkdir $root/bin && cp $(command -v busybox) $root/bin/ && ln -s busybox $root/bin/sh && tar -c -C $root . | docker import - {name}; rm -r $root");
        try
        {
            Run("docker", "run", "-d", "--name", name, "--label", $"test={name}", "--network", "none", "--health-cmd", "true", "--health-interval", "1s", name, "/bin/busybox", "sleep", "600");
            using var docker = new DockerClientConfiguration(engine.Endpoint).CreateClient();
            ConcurrentQueue<Message> events = [];
            using var stop = new CancellationTokenSource();
            var filters = new Dictionary<string, IDictionary<string, bool>> { ["label"] = new Dictionary<string, bool> { [$"test={name}"] = true } };
            var began = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            var watching = docker.System.MonitorEventsAsync(
                new ContainerEventsParameters { Since = $"{began}", Filters = filters }, new Enqueueing(events), stop.Token);

            var listed = Assert.Single(await docker.Containers.ListContainersAsync(new ContainersListParameters { Filters = filters }));
            await Eventually.True(async () => (await docker.Containers.InspectContainerAsync(name)).State.Health?.Status == "healthy", Soon);
            await docker.Containers.RestartContainerAsync(name, new ContainerRestartParameters { WaitBeforeKillSeconds = 0 });
            await Eventually.True(() => events.Any(message => message.Action == "restart"), Soon);
            await docker.Containers.KillContainerAsync(name, new ContainerKillParameters());
            await Eventually.True(() => events.Count(message => message.Action == "die") == 2, Soon);
            var inspected = await docker.Containers.InspectContainerAsync(listed.ID);
            await stop.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
            Assert.Equal(($"/{name}", "exited", 137L), (inspected.Name, inspected.State.Status, inspected.State.ExitCode));
            Assert.True(await docker.Containers.StartContainerAsync(name, new ContainerStartParameters()));
            Assert.False(await docker.Containers.StartContainerAsync(name, new ContainerStartParameters()));
        }
        finally
        {
            Run("sh", "-c", $"docker rm -f {name}; docker rmi -f {name}");
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {error}");
    }

    private sealed class Enqueueing(ConcurrentQueue<Message> events) : IProgress<Message>
    {
        public void Report(Message value) => events.Enqueue(value);
    }
}
