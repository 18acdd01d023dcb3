using System.Net.Http.Json;
using System.Text.Json;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AetherLink.Tests.Access;

/// <summary>A service that asks another one while it answers somebody.</summary>
public sealed class OnBehalfTests : IAsyncLifetime
{
    private ToyApp _callee = null!;
    private ToyApp _caller = null!;

    public async Task InitializeAsync()
    {
        _callee = await ToyApp.StartAsync(
            app =>
            {
                app.MapGet("/who", (Caller caller) => TypedResults.Ok(caller)).RequireAuthorization(Policies.Public);
                app.MapGet("/mesh", () => TypedResults.Ok()).RequireAuthorization(Policies.ReadMesh);
                app.MapGet("/leads", () => TypedResults.Ok()).RequireAuthorization(Policies.ViewLeads);
            },
            "Production",
            new() { ["OTEL_SERVICE_NAME"] = "callee" });
        _caller = await ToyApp.StartAsync(
            app =>
            {
                app.MapGet("/ask/{what}", (string what, IHttpClientFactory clients) => AskAsync(clients, new(HttpMethod.Get, $"/{what}")))
                    .RequireAuthorization(Policies.Public);
                app.MapGet("/ask-for-itself/{what}", (string what, IHttpClientFactory clients) =>
                    AskAsync(clients, new HttpRequestMessage(HttpMethod.Get, $"/{what}").InOwnName())).RequireAuthorization(Policies.Public);
            },
            settings: new() { ["services:callee:http:0"] = _callee.Http.BaseAddress!.ToString() },
            add: builder => builder.Services.AddMeshClient("callee", Scopes.MeshRead));
    }

    public async Task DisposeAsync()
    {
        await _caller.DisposeAsync();
        await _callee.DisposeAsync();
    }

    [Fact]
    public async Task Persons_call_carries_the_person_on()
    {
        var who = await _caller.GetAsync("/ask/who", ("X-User-Roles", "agent,viewer"), ("X-User-Name", "ada"), ("X-Tenant-ID", "acme"));

        Assert.Equal("""{"name":"ada","roles":["agent","viewer"],"tenant_id":"acme","is_service":false}""", who.GetRawText());
    }

    [Theory]
    [InlineData("viewer", "mesh", 403)]
    [InlineData("viewer", "leads", 200)]
    [InlineData("operator", "mesh", 200)]
    public async Task Persons_call_has_the_persons_power_and_not_the_services(string role, string what, int status)
    {
        using var answer = await _caller.SendAsync($"/ask/{what}", ("X-User-Roles", role));

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Call_for_nobody_in_particular_has_no_power_at_all()
    {
        using var anonymous = await _caller.SendAsync("/ask/mesh");
        var token = new MeshTokens(ToyApp.MeshKey, "third", TimeProvider.System).Issue(ToyApp.Resource, []);
        using var ofAService = await _caller.SendAsync("/ask/mesh", ("Authorization", $"Bearer {token}"));

        Assert.Equal((403, 403), ((int)anonymous.StatusCode, (int)ofAService.StatusCode));
    }

    [Fact]
    public async Task Service_that_asks_for_itself_while_it_answers_somebody_says_so()
    {
        var who = await _caller.GetAsync("/ask-for-itself/who", ("X-User-Roles", "viewer"), ("X-User-Name", "ada"));
        using var mesh = await _caller.SendAsync("/ask-for-itself/mesh", ("X-User-Roles", "viewer"));

        Assert.Equal(("toy", 200), (who.GetProperty("name").GetString(), (int)mesh.StatusCode));
    }

    [Fact]
    public async Task Persons_subject_is_carried_on_with_the_name()
    {
        var token = new MeshTokens(ToyApp.MeshKey, "web", TimeProvider.System)
            .IssueFor(ToyApp.Resource, new Caller("ada", ["agent"], "acme", IsService: false) { Subject = "4711" });

        var who = await _caller.GetAsync("/ask/who", ("Authorization", $"Bearer {token}"));

        Assert.Equal(("ada", "4711"), (who.GetProperty("name").GetString(), who.GetProperty("subject").GetString()));
    }

    [Fact]
    public async Task Service_calls_by_itself_with_its_own_power()
    {
        using var client = _caller.Services.GetRequiredService<IHttpClientFactory>().CreateClient("callee");

        var who = await client.GetFromJsonAsync<JsonElement>("/who");
        using var mesh = await client.GetAsync("/mesh");

        Assert.Equal(("toy", true), (who.GetProperty("name").GetString(), who.GetProperty("is_service").GetBoolean()));
        Assert.Equal(200, (int)mesh.StatusCode);
    }

    [Fact]
    public async Task Services_call_is_not_passed_on_as_its_own()
    {
        var token = new MeshTokens(ToyApp.MeshKey, "third", TimeProvider.System).Issue(ToyApp.Resource, []);

        var who = await _caller.GetAsync("/ask/who", ("Authorization", $"Bearer {token}"));

        Assert.Equal("toy", who.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Token_of_a_person_names_who_acts_and_ends_within_minutes_and_gives_no_service_role()
    {
        var tokens = new MeshTokens(ToyApp.MeshKey, "toy", TimeProvider.System);
        var token = tokens.IssueFor("callee", new Caller("ada", ["operator", "service"], "acme", IsService: false));
        var claims = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1])).RootElement;

        Assert.Equal("toy", claims.GetProperty("act").GetProperty("sub").GetString());
        Assert.Equal("""["operator"]""", claims.GetProperty("roles").GetRawText());
        Assert.False(claims.TryGetProperty("scope", out _));
        Assert.Equal(300, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
        using var elsewhere = await _caller.SendAsync("/ask/who", ("Authorization", $"Bearer {token}"));
        using var service = await _callee.SendAsync("/mesh", ("Authorization", $"Bearer {token}"));
        Assert.Equal(200, (int)service.StatusCode);
        Assert.Contains("toy", await elsewhere.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_of_the_callee_has_the_persons_address_and_takes_it_from_nobody_without_a_token()
    {
        using var forged = await _callee.SendAsync("/who", ("X-Client-Address", "203.0.113.9"));
        var token = new MeshTokens(ToyApp.MeshKey, "toy", TimeProvider.System).IssueFor("callee", new Caller("ada", ["viewer"], null, IsService: false));
        using var believed = await _callee.SendAsync("/who", ("X-Client-Address", "203.0.113.9"), ("Authorization", $"Bearer {token}"));
        using var besideAPersonsToken = await _callee.SendAsync("/who", ("X-Client-Address", "203.0.113.8"), ("X-Client-Address-Token", token));
        using var besideNone = await _callee.SendAsync("/who", ("X-Client-Address", "203.0.113.7"), ("X-Client-Address-Token", $"{token}x"));

        Assert.Equal(["127.0.0.1", "203.0.113.9", "203.0.113.8", "127.0.0.1"], _callee.Logs.Lines.Where(line => line.Id.Id == 1000).Select(line => line.Values["ClientIp"]));
    }

    [Fact]
    public async Task Previous_mesh_key_is_accepted_while_the_key_is_being_changed()
    {
        const string New = "another key for tests, of thirty-two bytes";
        await using var changed = await ToyApp.StartAsync(
            app => app.MapGet("/mesh", () => TypedResults.Ok()).RequireAuthorization(Policies.ReadMesh),
            settings: new() { ["MESH_KEY"] = New, ["MESH_KEY_PREVIOUS"] = ToyApp.MeshKey });

        foreach (var key in (string[])[New, ToyApp.MeshKey])
        {
            var token = new MeshTokens(key, "other", TimeProvider.System).Issue(ToyApp.Resource, [Scopes.MeshRead]);
            using var answer = await changed.SendAsync("/mesh", ("Authorization", $"Bearer {token}"));
            Assert.Equal(200, (int)answer.StatusCode);
        }
    }

    private static async Task<IResult> AskAsync(IHttpClientFactory clients, HttpRequestMessage request)
    {
        using (request)
        {
            using var answer = await clients.CreateClient("callee").SendAsync(request);
            return Results.Text(await answer.Content.ReadAsStringAsync(), "application/json", statusCode: (int)answer.StatusCode);
        }
    }
}
