using System.Security.Claims;
using System.Text;
using System.Text.Json;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AetherLink.Tests.ServiceDefaults;

public sealed class IdentityTests
{
    [Theory]
    [InlineData("operator", 200)]
    [InlineData(" Operator , ADMIN ", 200)]
    [InlineData("""["operator"]""", 200)]
    [InlineData("""["Viewer","OPERATOR"]""", 200)]
    [InlineData("[]", 403)]
    [InlineData("viewer", 403)]
    [InlineData("""["operator""", 400)]
    [InlineData("[1]", 400)]
    [InlineData("[null]", 400)]
    [InlineData("""[["operator"]]""", 400)]
    public async Task Roles_header_takes_a_comma_list_or_an_array(string header, int status)
    {
        await using var app = await ToyApp.StartAsync(MapWhoAmI);

        using var answer = await app.SendAsync("/ops", ("X-User-Roles", header));

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Denial_says_what_is_missing()
    {
        await using var app = await ToyApp.StartAsync(MapWhoAmI);

        using var nobody = await app.SendAsync("/ops");
        Assert.Contains("Missing roles header", (await nobody.AssertProblemAsync(401)).Detail(), StringComparison.Ordinal);
        Assert.Equal("Bearer", nobody.Headers.WwwAuthenticate.Single().Scheme);

        using var viewer = await app.SendAsync("/ops", ("X-User-Roles", "viewer"));
        Assert.Contains("Insufficient permissions", (await viewer.AssertProblemAsync(403)).Detail(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handler_learns_who_asks()
    {
        await using var app = await ToyApp.StartAsync(MapWhoAmI);

        var person = await app.GetAsync(
            "/ops", ("X-User-Roles", "admin,operator"), ("X-Tenant-ID", "acme"), ("X-User-Name", "ada"));

        Assert.Equal(
            """{"name":"ada","roles":["admin","operator"],"tenant_id":"acme","is_service":false}""", person.GetRawText());
    }

    [Fact]
    public async Task Bare_header_grants_nothing_in_production()
    {
        await using var app = await ToyApp.StartAsync(MapWhoAmI, "Production");

        using var answer = await app.SendAsync("/ops", ("X-User-Roles", "admin"));

        await answer.AssertProblemAsync(401);
    }

    [Theory]
    [InlineData("web", 200)]
    [InlineData("auto-heal", 401)]
    public async Task Only_the_gateway_speaks_for_people_in_production(string issuer, int status)
    {
        await using var app = await ToyApp.StartAsync(MapWhoAmI, "Production");
        var token = new MeshTokens(ToyApp.MeshKey, issuer, TimeProvider.System).Issue(ToyApp.Resource, []);

        using var answer = await app.SendAsync(
            "/ops", ("X-Mesh-Token", token), ("X-User-Roles", "operator"), ("X-User-Name", "ada"));

        Assert.Equal(status, (int)answer.StatusCode);
    }

    public static TheoryData<string, string> BadTokens => new()
    {
        { "expired", Token(until: -10) },
        // Hours away: these are made when the run begins, and judged minutes later.
        { "not yet valid", Token(from: 7200, until: 10800) },
        { "without an end", Token(until: null) },
        { "for another audience", Token(audience: "elsewhere") },
        { "signed with another key", Token(key: "another key for tests, of thirty-two bytes") },
        { "unsigned", Token(algorithm: "none") },
        { "of another algorithm", Token(algorithm: "HS512") },
        { "tampered with", Tampered(Token()) },
        { "no token at all", "x.y.z" },
        { "empty", "" },
    };

    [Theory]
    [MemberData(nameof(BadTokens))]
    public async Task Token_is_refused_when_it_is(string what, string token)
    {
        await using var app = await ToyApp.StartAsync(MapWhoAmI);

        using var answer = await app.SendAsync("/mesh", ("Authorization", $"Bearer {token}"));

        Assert.True((int)answer.StatusCode == 401, what);
        await answer.AssertProblemAsync(401);
        Assert.Empty(app.Logs.Errors);
    }

    [Fact]
    public async Task Token_is_accepted_when_it_is_good()
    {
        await using var app = await ToyApp.StartAsync(MapWhoAmI);

        var service = await app.GetAsync("/mesh", ("Authorization", $"Bearer {Token()}"));

        Assert.Equal("""{"name":"other","roles":["service"],"tenant_id":null,"is_service":true}""", service.GetRawText());
    }

    [Fact]
    public void Token_is_reused_until_it_is_about_to_end()
    {
        var clock = new SetClock();
        var tokens = new MeshTokens(ToyApp.MeshKey, "other", clock);

        var first = tokens.Issue("toy", ["a"]);
        clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(first, tokens.Issue("toy", ["a"]));
        Assert.NotEqual(first, tokens.Issue("toy", ["b"]));
        clock.Advance(TimeSpan.FromMinutes(1.5));
        Assert.NotEqual(first, tokens.Issue("toy", ["a"]));
    }

    [Theory]
    [InlineData("Production", "")]
    [InlineData("Production", "short")]
    [InlineData("Staging", "")]
    [InlineData("Development", "short")]
    public void Start_is_refused_without_a_good_mesh_key_everywhere_but_in_development(string environment, string key)
    {
        var refusal = Assert.Throws<InvalidOperationException>(
            () => ToyApp.Build(environment: environment, settings: new() { ["MESH_KEY"] = key }));

        Assert.Contains("MESH_KEY", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Person_of_an_issuer_has_the_roles_of_all_three_places_and_never_a_services()
    {
        ClaimsPrincipal token = new(new ClaimsIdentity(
        [
            new("roles", "Viewer"), new("roles", "service"), new("scope", "mesh.control"), new("preferred_username", "ada"),
            new("tenant_id", "acme"), new("realm_access", """{"roles":["agent"]}"""),
            new("resource_access", """{"aetherlink":{"roles":["operator"]},"else":{"roles":["admin"]}}"""),
        ], "oidc"));

        var person = Caller.Of(new(OidcPerson.Of(token, "aetherlink", [Roles.Admin])!));

        Assert.Equal(["viewer", "agent", "operator"], person.Roles);
        Assert.Equal(("ada", "acme", false), (person.Name, person.TenantId, person.IsService));
    }

    [Theory]
    [InlineData(null, null, true, null)]
    [InlineData(null, "b", true, "b")]
    [InlineData("a", null, true, "a")]
    [InlineData("a", "a", true, "a")]
    [InlineData("a", "b", false, "b")]
    public void Tenant_asked_for_narrows_and_never_widens(string? own, string? asked, bool may, string? effective)
    {
        var caller = new Caller("ada", [Roles.Operator], own, IsService: false);

        Assert.Equal(may, caller.TryNarrow(asked, out var tenant));
        Assert.Equal(effective, tenant);
    }

    private static void MapWhoAmI(WebApplication app)
    {
        app.MapGet("/ops", (Caller caller) => TypedResults.Ok(caller)).RequireAuthorization(Policies.ViewOps);
        app.MapGet("/mesh", (Caller caller) => TypedResults.Ok(caller)).RequireAuthorization(Policies.ReadMesh);
    }

    private static string Tampered(string token)
    {
        var parts = token.Split('.');
        var payload = Encoding.UTF8.GetString(Decoded(parts[1])).Replace("mesh.read", "mesh.read mesh.control", StringComparison.Ordinal);
        return $"{parts[0]}.{Encoded(Encoding.UTF8.GetBytes(payload))}.{parts[2]}";
    }

    // Made by hand, since no library makes a wrong one willingly.
    private static string Token(
        int? until = 60, int from = -60, string audience = ToyApp.Resource, string key = ToyApp.MeshKey, string algorithm = "HS256")
    {
        var now = DateTimeOffset.UtcNow;
        var payload = new Dictionary<string, object>
        {
            ["iss"] = "other",
            ["name"] = "other",
            ["aud"] = audience,
            ["roles"] = new[] { "service" },
            ["scope"] = "mesh.read",
            ["nbf"] = now.AddSeconds(from).ToUnixTimeSeconds(),
        };
        if (until is { } seconds)
        {
            payload["exp"] = now.AddSeconds(seconds).ToUnixTimeSeconds();
        }
        var head = Encoded(JsonSerializer.SerializeToUtf8Bytes(new { alg = algorithm, typ = "JWT" }));
        var signed = $"{head}.{Encoded(JsonSerializer.SerializeToUtf8Bytes(payload))}";
        var (secret, bytes) = (Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(signed));
        return signed + "." + algorithm switch
        {
            "none" => "",
            "HS512" => Encoded(System.Security.Cryptography.HMACSHA512.HashData(secret, bytes)),
            _ => Encoded(System.Security.Cryptography.HMACSHA256.HashData(secret, bytes)),
        };
    }

    private static string Encoded(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private static byte[] Decoded(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text);
}
