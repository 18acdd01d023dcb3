using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace AetherLink.Tests.Mesh;

/// <summary>A real Prometheus, with the configuration that the AppHost gives its container: only the host's name is another.</summary>
[Collection(SharedMesh.Name)]
public sealed partial class PrometheusTests(MeshFixture mesh) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aetherlink-prometheus-").FullName;

    [PrometheusFact]
    public async Task Prometheus_scrapes_every_service_and_understands_every_expression_of_the_dashboards()
    {
        var configuration = Path.Combine(_folder, "prometheus.yml");
        await File.WriteAllTextAsync(configuration, HostOfTarget().Replace(await RenderedAsync(), "'127.0.0.1:"));
        using var prometheus = Start(configuration, out var address);
        try
        {
            using var client = new HttpClient { BaseAddress = new(await address) };
            await Eventually.True(async () => (await UpAsync(client)).Order().SequenceEqual(MeshFixture.Services.Order()),
                TimeSpan.FromSeconds(30), "every service is scraped");

            var expressions = Directory.EnumerateFiles(Path.Combine(Repository.Root, "config", "grafana", "dashboards"), "*.json")
                .SelectMany(file => DashboardTests.Expressions(JsonNode.Parse(File.ReadAllText(file))!)).ToList();
            Assert.NotEmpty(expressions);
            foreach (var expression in expressions)
            {
                using var answer = await client.GetAsync($"/api/v1/query?query={Uri.EscapeDataString(expression)}");
                Assert.True(answer.IsSuccessStatusCode, $"{expression}: {await answer.Content.ReadAsStringAsync()}");
            }
        }
        finally
        {
            prometheus.Kill();
            await prometheus.WaitForExitAsync();
        }
    }

    [Fact]
    public async Task Deployed_Prometheus_scrapes_the_same_jobs() => Assert.Equal(
        Jobs(await RenderedAsync()),
        Jobs(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "config", "prometheus", "prometheus.yml"))));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static IEnumerable<string> Jobs(string configuration) =>
        JobName().Matches(configuration).Select(match => match.Groups[1].Value);

    private static async Task<IEnumerable<string>> UpAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/api/v1/targets?state=active");
        if (!answer.IsSuccessStatusCode)
            return []; // It listens before it is ready.
        var targets = await answer.Content.ReadFromJsonAsync<JsonNode>();
        return targets!["data"]!["activeTargets"]!.AsArray()
            .Where(target => (string)target!["health"]! == "up").Select(target => (string)target!["labels"]!["job"]!);
    }

    private async Task<string> RenderedAsync()
    {
        var resource = mesh.Application.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(one => one.Name == "prometheus");
        var files = resource.Annotations.OfType<ContainerFileSystemCallbackAnnotation>().Single();
        var made = await files.Callback(new() { Model = resource, ServiceProvider = mesh.Application.Services }, CancellationToken.None);
        return made.OfType<ContainerFile>().Single(file => file.Name == "prometheus.yml").Contents!;
    }

    private Process Start(string configuration, out Task<string> address)
    {
        string[] arguments =
            [$"--config.file={configuration}", $"--storage.tsdb.path={Path.Combine(_folder, "data")}", "--web.listen-address=127.0.0.1:0"];
        var process = new Process { StartInfo = new("prometheus", arguments) { RedirectStandardError = true } };
        // It takes a free port, and its log is where it says which.
        var listening = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var last = "";
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null)
                listening.TrySetException(new InvalidOperationException($"Prometheus ended before it listened: {last}"));
            else if (ListeningOn().Match(last = line.Data) is { Success: true } match)
                listening.TrySetResult($"http://{match.Groups[1].Value}");
        };
        process.Start();
        process.BeginErrorReadLine();
        address = listening.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return process;
    }

    [GeneratedRegex("(?<=targets: \\[)'[^':]+:")]
    private static partial Regex HostOfTarget();

    [GeneratedRegex("job_name: (\\S+)")]
    private static partial Regex JobName();

    [GeneratedRegex("msg=\"Listening on\" address=(127\\.0\\.0\\.1:\\d+)")]
    private static partial Regex ListeningOn();
}

/// <summary>A fact that needs the machine's own Prometheus.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PrometheusFactAttribute : FactAttribute
{
    public PrometheusFactAttribute()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, "prometheus"))))
        {
            Skip = "There is no prometheus on this machine: './aether test' installs it where it may.";
            Console.WriteLine($"Skipped: {Skip}");
        }
    }
}
