using System.Collections.Concurrent;
using AetherLink.Tests.Access;
using AetherLink.Tests.Web;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace AetherLink.Tests.Mesh;

/// <summary>
/// The matrix and the running mesh: its services tell which endpoints they have, and everybody asks each. What only the real composition
/// has is found here; AccessMatrixTests ask the same of services as in Production.
/// </summary>
[Collection(SharedMesh.Name)]
public sealed class RunningAccessTests(MeshFixture mesh)
{
    /// <summary>Two cores have the mesh to run besides.</summary>
    private const int AtOnce = 4;

    /// <summary>A test that ran before may have killed something.</summary>
    private static readonly TimeSpan StandUpTime = TimeSpan.FromSeconds(60);

    private static readonly string[] OfEachEndpoint = ["expired", "tampered", "unsigned", "another audience"];

    public static TheoryData<string> Asked => [.. MeshFixture.Services, MatrixHosts.MeshControl];

    [Theory]
    [MemberData(nameof(Asked))]
    public async Task Running_service_has_the_endpoints_of_the_matrix_for_those_whom_it_names_and_no_other(string service)
    {
        await IsWellAsync(service);

        Assert.Empty(await RunningAccess.DifferencesAsync(mesh, service, RunningAccess.Of(service)));
    }

    [Theory]
    [MemberData(nameof(Asked))]
    public async Task Everybody_gets_of_the_running_service_exactly_what_the_matrix_says(string service)
    {
        await IsWellAsync(service);
        await using var other = await TestIssuer.StartAsync();
        var cookies = service == "web" ? await SignInAsync() : [];
        var callers = new AccessCallers(new(
            mesh.Issuer, other, mesh.Secrets["mesh-key"], (_, roles) => Task.FromResult(roles is [var role] ? cookies.GetValueOrDefault(role) : null))
        {
            IsDevelopment = true,
            WithoutIssuer = ["web", MatrixHosts.MeshControl],
        });
        // One client for all of them: their cookies and tokens are in their own headers.
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = AddressOf(service) };

        Assert.Empty(await FaultsAsync(client, RunningAccess.Of(service), callers));
    }

    /// <summary>AccessMatrixTests have those who signed in at the issuer; here is everybody else.</summary>
    [Fact]
    public async Task Gateway_of_the_running_mesh_that_has_an_issuer_is_as_the_matrix_says()
    {
        await IsWellAsync("web");
        await using var other = await TestIssuer.StartAsync();
        await using var gateway = await SecondGateway.StartAsync(mesh);
        var rows = RunningAccess.InDevelopment(AccessMatrix.Of("web"));
        var callers = new AccessCallers(new(mesh.Issuer, other, mesh.Secrets["mesh-key"], (_, _) => Task.FromResult<string?>(null))
        {
            IsDevelopment = true,
            WithoutIssuer = [MatrixHosts.MeshControl],
        });

        Assert.Empty(await RunningAccess.DifferencesAsync(gateway.Operator, "web", rows));
        Assert.Empty(await FaultsAsync(gateway.Client, rows, callers));
    }

    private static async Task<IEnumerable<string>> FaultsAsync(HttpClient client, IEnumerable<AccessRow> rows, AccessCallers callers)
    {
        var faults = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(rows.Index(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (one, _) =>
        {
            foreach (var fault in await AccessQuestion.FaultsAsync(client, one.Item, await SampleAsync(callers, one.Item, one.Index), callers))
            {
                faults.Add(fault);
            }
        });
        return faults.Order(StringComparer.Ordinal);
    }

    /// <summary>
    /// All people, and of the tokens those that each endpoint is to refuse; of the others each endpoint is asked with the next one. Where
    /// sessions alone count every token is the same.
    /// </summary>
    private static async Task<IEnumerable<AccessCaller>> SampleAsync(AccessCallers callers, AccessRow row, int number)
    {
        var tokens = callers.Tokens(row).ToLookup(token => row.Service != "web" && OfEachEndpoint.Contains(token.Name));
        AccessCaller[] others = [.. tokens[false]];
        return [.. await callers.PeopleAsync(row), .. tokens[true], others[number % others.Length]];
    }

    private async Task<Dictionary<string, string>> SignInAsync()
    {
        var address = AddressOf("web");
        var cookies = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var role in (string[])["viewer", "agent", "operator", "admin"])
        {
            using var browser = new Browser(address);
            using var answer = await browser.SendAsync(HttpMethod.Post, "/api/session", new { role, tenant_id = AccessCallers.Own });
            answer.EnsureSuccessStatusCode();
            cookies[role] = browser.Cookies.GetCookieHeader(address);
        }
        return cookies;
    }

    /// <summary>With all that it asks: the matrix says what is answered when everything is there.</summary>
    private async Task IsWellAsync(string service)
    {
        using var timeout = new CancellationTokenSource(StandUpTime);
        foreach (var one in service == MatrixHosts.MeshControl ? [] : MeshFixture.Services)
        {
            await mesh.Application.ResourceNotifications.WaitForResourceHealthyAsync(one, timeout.Token);
        }
    }

    private Uri AddressOf(string service) => service == MatrixHosts.MeshControl
        ? new(MeshProcesses.EnvironmentOf(mesh.ProcessOf("AetherLink.AutoHeal"))["services__mesh-control__http__0"])
        : mesh.Application.GetEndpoint(service, "http");
}
