using System.Diagnostics;
using Aspire.Hosting.Testing;

namespace AetherLink.Tests.Mesh;

[Collection(SharedMesh.Name)]
public sealed class OpenApiDocumentsTests(MeshFixture mesh)
{
    /// <summary>The pages' types are made from the committed documents; one that differs would break a page unseen.</summary>
    [Fact]
    public async Task The_pages_are_typed_against_the_documents_that_the_services_serve()
    {
        var ui = Path.Combine(Repository.Root, "AetherLink.Web", "ui");
        var services = MeshFixture.Services.Select(service => $"{service}={mesh.Application.GetEndpoint(service, "http")}");
        using var process = Process.Start(new ProcessStartInfo("node", [Path.Combine(ui, "scripts", "api-refresh.mjs"), "--check", .. services])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = ui,
        })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.True(process.ExitCode == 0, $"{output}Run `npm run api:refresh` in AetherLink.Web/ui against a running mesh, and commit the result.");
    }
}
