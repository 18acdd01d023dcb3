using System.Net.Http.Json;
using Aspire.Hosting.Testing;

namespace Compat.Tests.AspireHosting;

public sealed class FixtureTests
{
    [Fact]
    public async Task Fixtures_stand_side_by_side()
    {
        var meshes = await Task.WhenAll(
            DistributedApplicationTestingBuilder.CreateAsync<Projects.TestAppHost>(),
            DistributedApplicationTestingBuilder.CreateAsync<Projects.TestAppHost>());
        await using var first = meshes[0];
        await using var second = meshes[1];
        var apps = await Task.WhenAll(meshes.Select(mesh => mesh.StartAsync()));
        await Task.WhenAll(apps.Select(app => app.Healthy("other")));

        var keys = await Task.WhenAll(apps.Select(async app =>
        {
            using var client = app.CreateHttpClient("service");
            return (await client.GetFromJsonAsync<Dictionary<string, string>>("/environment"))!["KEY"];
        }));

        Assert.NotEqual(apps[0].GetEndpoint("service"), apps[1].GetEndpoint("service"));
        Assert.All(keys, key => Assert.Equal(32, key.Length));
        Assert.NotEqual(keys[0], keys[1]);
    }

    [Fact]
    public async Task Fault_in_the_AppHost_surfaces_as_itself()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            DistributedApplicationTestingBuilder.CreateAsync<Projects.TestAppHost>(["--Fail=as it is"]));

        Assert.Equal("as it is", fault.Message);
    }
}
