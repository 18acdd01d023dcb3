using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Compat.Tests.AspireHosting;

public sealed class ManifestTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aspire-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Manifest_is_the_golden_one()
    {
        var manifest = await PublishAsync();

        var golden = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Aspire.Hosting", "manifest.golden.json"));
        Assert.Equal(golden.TrimEnd(), manifest.Replace(Path.GetRelativePath(_folder, ServiceFolder).Replace('\\', '/'), "SERVICE", StringComparison.Ordinal));
    }

    [ManifestSchemaFact]
    public async Task Manifest_is_valid_against_the_published_schema()
    {
        var manifest = JsonNode.Parse(await PublishAsync())!;

        Assert.Empty(ManifestSchemaFactAttribute.Schema.Validate(manifest));
    }

    [ManifestSchemaFact]
    public void Schema_check_finds_what_is_wrong() =>
        Assert.NotEmpty(ManifestSchemaFactAttribute.Schema.Validate(JsonNode.Parse("""{"resources":{"a":{"type":"container.v0"}}}""")!));

    private static string ServiceFolder => Path.GetDirectoryName(new Projects.TestService().ProjectPath)!;

    private async Task<string> PublishAsync()
    {
        await using var builder = Meshes.Empty("--publisher", "manifest", "--output-path", _folder);
        var key = builder.AddParameter("key", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);
        var postgres = builder.AddPostgres("postgres").WithDataVolume("kept");
        var database = postgres.AddDatabase("data", "data_base");
        var kafka = builder.AddKafka("kafka");
        var grafana = builder.AddContainer("grafana", "grafana/grafana", "11.0.0")
            .WithHttpEndpoint(targetPort: 3000)
            .WithBindMount(Path.Combine(_folder, "dashboards"), "/dashboards", isReadOnly: true)
            .WithEnvironment("KEY", key)
            .WithArgs("--homepage");
        var service = builder.AddProject<Projects.TestService>("service")
            .WithExternalHttpEndpoints()
            .WithReference(database)
            .WithReference(kafka)
            .WithEnvironment("GRAFANA", $"{grafana.GetEndpoint("http")}/d");
        builder.AddExecutable("tool", "tool", _folder, "--url").WithArgs(service.GetEndpoint("http")).WithReference(service);
        builder.AddExecutable("left-out", "tool", _folder).ExcludeFromManifest();
        await using var app = await builder.BuildAsync();
        await app.RunAsync().WaitAsync(Meshes.Deadline);
        return await File.ReadAllTextAsync(Path.Combine(_folder, "aspire-manifest.json"));
    }
}
