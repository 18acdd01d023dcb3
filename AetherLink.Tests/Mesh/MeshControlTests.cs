using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AetherLink.ServiceDefaults;

namespace AetherLink.Tests.Mesh;

/// <summary>Who may command the mesh's resources, and what of it. Whatever is refused leaves everything running.</summary>
[Collection(SharedMesh.Name)]
public sealed class MeshControlTests : IDisposable
{
    private const string Restart = "/resources/web/restart";

    private readonly Dictionary<string, string> _environment;
    private readonly HttpClient _client;

    public MeshControlTests(MeshFixture mesh)
    {
        // Nobody else is told where mesh control is.
        _environment = MeshProcesses.EnvironmentOf(mesh.ProcessOf("AetherLink.AutoHeal"));
        _client = new() { BaseAddress = new(_environment["services__mesh-control__http__0"]) };
    }

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Without_a_token_of_the_mesh_for_mesh_control_with_its_scope_nothing_is_listed_or_commanded()
    {
        var stranger = new string('k', 32);
        (string?, HttpStatusCode)[] tokens =
        [
            (null, HttpStatusCode.Unauthorized),
            ("garbage", HttpStatusCode.Unauthorized),
            (Token(_environment["MESH_KEY"], "mesh-control"), HttpStatusCode.Forbidden),
            (Token(_environment["MESH_KEY"], "mesh-control", Scopes.MeshRead), HttpStatusCode.Forbidden),
            (Token(_environment["MESH_KEY"], "command-center", Scopes.MeshControl), HttpStatusCode.Unauthorized),
            (Token(stranger, "mesh-control", Scopes.MeshControl), HttpStatusCode.Unauthorized),
        ];
        foreach (var (token, refusal) in tokens)
        {
            Assert.Equal(
                (refusal, refusal),
                (await AskAsync(HttpMethod.Get, "/resources", token), await AskAsync(HttpMethod.Post, Restart, token)));
        }
    }

    [Theory]
    [InlineData("/resources/nobody/restart")]
    [InlineData("/resources/web/remove")]
    [InlineData("/resources/mesh-key/restart")]
    [InlineData("/resources/kafka/stop")]
    public async Task What_is_no_service_of_the_mesh_or_no_command_is_not_found(string path) =>
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(HttpMethod.Post, path, Allowed));

    [Fact]
    public async Task Its_own_are_told_how_the_services_are()
    {
        _client.DefaultRequestHeaders.Authorization = new("Bearer", Allowed);

        var resources = (await _client.GetFromJsonAsync<JsonObject>("/resources"))!["resources"]!.AsArray();

        Assert.Equal(
            ["auto-heal Running", "command-center Running", "orchestrator Running", "postgres Running", "web Running"],
            resources.Select(resource => $"{resource!["name"]} {resource["state"]}").Order(StringComparer.Ordinal));
    }

    private string Allowed => Token(_environment["MESH_KEY"], "mesh-control", Scopes.MeshControl);

    private static string Token(string key, string audience, params string[] scopes) =>
        new MeshTokens(key, "auto-heal", TimeProvider.System).Issue(audience, scopes);

    private async Task<HttpStatusCode> AskAsync(HttpMethod method, string path, string? token)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var answer = await _client.SendAsync(request);
        return answer.StatusCode;
    }
}
