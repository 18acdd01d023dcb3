using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Testing;
using Compat.Tests.Docker;

namespace Compat.Tests.AspireHosting;

/// <summary>Against a real engine, with an image made of the machine's own busybox: none can be pulled everywhere.</summary>
[Collection(DockerEngines.Name)]
public sealed class ContainerTests : IDisposable
{
    private readonly string _image = $"aspire-test-{Guid.NewGuid():n}"[..24];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aspire-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [DockerEngineFact]
    public async Task Containers_see_their_mounts_and_each_other_and_are_gone_after_the_run()
    {
        MakeImage();
        try
        {
            await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "page"), "read from a mount");
            await using var builder = Meshes.Empty();
            var server = builder.AddContainer("server", _image, "1")
                .WithHttpEndpoint(targetPort: 8080)
                .WithBindMount(_folder.FullName, "/www", isReadOnly: true)
                .WithEntrypoint("/bin/busybox")
                .WithArgs("httpd", "-f", "-p", "8080", "-h", "/www")
                .WithHttpHealthCheck("/page");
            builder.AddContainer("client", _image, "1")
                .WithEntrypoint("/bin/busybox")
                .WithArgs("wget", "-q", "-O", "-")
                .WithArgs(ReferenceExpression.Create($"{server.GetEndpoint("http")}/page"))
                .WaitFor(server);
            var app = await builder.StartAsync();
            await app.Healthy("server");

            using var http = app.CreateHttpClient("server");
            Assert.Equal("read from a mount", await http.GetStringAsync(new Uri("/page", UriKind.Relative)));
            await app.Reaches("client", KnownResourceStates.Finished);
            await app.Logged("client", "read from a mount");
            Assert.NotEmpty(Run("docker", "ps", "--quiet", "--filter", $"ancestor={_image}:1"));

            await app.DisposeAsync();
            Assert.Empty(Run("docker", "ps", "--all", "--quiet", "--filter", $"ancestor={_image}:1"));
        }
        finally
        {
            Run("docker", "rmi", "--force", $"{_image}:1");
        }
    }

    [DockerEngineFact]
    public async Task Containers_of_a_killed_AppHost_are_removed()
    {
        MakeImage();
        try
        {
            await using var appHost = await AppHostProcess.StartAsync($"--Image={_image}");
            Assert.NotEmpty(Run("docker", "ps", "--quiet", "--filter", $"ancestor={_image}:1"));

            Signals.SendTo(appHost.Id, Signals.Kill);

            await appHost.Ends();
            Assert.Empty(Run("docker", "ps", "--all", "--quiet", "--filter", $"ancestor={_image}:1"));
        }
        finally
        {
            Run("docker", "rmi", "--force", $"{_image}:1");
        }
    }

    [DockerEngineFact]
    public async Task Image_that_is_nowhere_makes_its_resource_unavailable()
    {
        await using var builder = Meshes.Empty();
        builder.AddContainer("nowhere", "localhost:1/no-such-image", "1");
        await using var app = await builder.StartAsync();

        await app.Reaches("nowhere", KnownResourceStates.RuntimeUnhealthy);
        await app.Logged("nowhere", "Unavailable: the image localhost:1/no-such-image:1 is not here and cannot be pulled");
    }

    private void MakeImage()
    {
        var bin = _folder.CreateSubdirectory("root/bin");
        var busybox = Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, "busybox")).First(File.Exists);
        File.Copy(busybox, Path.Combine(bin.FullName, "busybox"));
        var archive = Path.Combine(_folder.FullName, "root.tar");
        Run("tar", "--create", "--file", archive, "--directory", Path.Combine(_folder.FullName, "root"), ".");
        Run("docker", "import", archive, $"{_image}:1");
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
