using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using AetherLink.Tests.ServiceDefaults;

namespace AetherLink.Tests.Access;

/// <summary>Tokens that somebody made up or bent, and what they get. Each is refused without an error in the log.</summary>
public sealed class TokenAttackTests(OidcApp oidc) : IClassFixture<OidcApp>
{
    private static readonly Dictionary<string, Func<TestIssuer, string>> Attacks = new(StringComparer.Ordinal)
    {
        ["unsigned"] = issuer => issuer.Token(Admin, head => head["alg"] = "none"),
        ["unsigned, in other letters"] = issuer => issuer.Token(Admin, head => head["alg"] = "nOnE"),
        ["signed with nothing"] = issuer => Cut(issuer.Token(Admin)),
        ["HMAC with the issuer's public key"] = issuer => issuer.Token(Admin, head => head["alg"] = "HS256"),
        ["HMAC with the public key, and no key's name"] = issuer => issuer.Token(Admin, head => { head["alg"] = "HS256"; head.Remove("kid"); }),
        ["two algorithms in one header"] = issuer => TwoAlgorithms(issuer),
        ["of another audience"] = issuer => issuer.Token(With("aud", "elsewhere")),
        ["of no audience"] = issuer => issuer.Token(Without("aud")),
        ["of another issuer"] = issuer => issuer.Token(With("iss", "https://issuer.example")),
        ["of an issuer with a tail"] = issuer => issuer.Token(With("iss", issuer.Url + ".evil.example")),
        ["of no issuer"] = issuer => issuer.Token(Without("iss")),
        ["expired beyond the skew"] = issuer => issuer.Token(With("exp", Now(-45))),
        ["without an end"] = issuer => issuer.Token(Without("exp")),
        ["of tomorrow"] = issuer => issuer.Token(With("nbf", Now(86_400))),
        ["with an end that is a text"] = issuer => issuer.Token(With("exp", "tomorrow")),
        ["with a changed payload"] = issuer => Tampered(issuer),
        ["signed by another's key under the issuer's name"] = issuer => issuer.Token(Admin, key: IssuerKey.Make(issuer.Key.Id)),
        ["with its own key in the header"] = issuer => Embedded(issuer, (head, key) => head["jwk"] = key.Published()),
        ["with the address of its keys in the header"] = issuer => Embedded(issuer, (head, _) => head["jku"] = $"{issuer.Url}/evil/keys"),
        ["with the address of its certificate in the header"] = issuer => Embedded(issuer, (head, _) => head["x5u"] = $"{issuer.Url}/evil/cert"),
        ["with a certificate in the header"] = issuer => Embedded(issuer, (head, key) =>
            head["x5c"] = new JsonArray(Convert.ToBase64String(key.Rsa.ExportSubjectPublicKeyInfo()))),
        ["with a path for a key's name"] = issuer => issuer.Token(Admin, head => head["kid"] = "../../../../dev/null", IssuerKey.Make("evil")),
        ["with a query for a key's name"] = issuer => issuer.Token(Admin, head => head["kid"] = "' or 1=1 --", IssuerKey.Make("evil")),
        ["with a huge key's name"] = issuer => issuer.Token(Admin, head => head["kid"] = new string('k', 6_000), IssuerKey.Make("evil")),
        ["with a key's name that is none"] = issuer => issuer.Token(Admin, head => head["kid"] = new JsonObject(), IssuerKey.Make("evil")),
        ["an id token, by its nonce"] = issuer => issuer.Token(With("nonce", "n")),
        ["an id token, by the hash of what it came with"] = issuer => issuer.Token(With("at_hash", "h")),
        ["an id token, as Keycloak names it"] = issuer => issuer.Token(With("typ", "ID")),
        ["a refresh token, as Keycloak names it"] = issuer => issuer.Token(With("typ", "Refresh")),
        ["a logout token, by its events"] = issuer => issuer.Token(With("events", new JsonObject { ["http://schemas.openid.net/event/backchannel-logout"] = new JsonObject() })),
        ["a logout token, by its type"] = issuer => issuer.Token(Admin, head => head["typ"] = "logout+jwt"),
        ["a logout token that says it is one for access"] = issuer => issuer.Token(With("typ", "Logout"), head => head["typ"] = "at+jwt"),
        ["a logout token with Keycloak's word for access"] = issuer => issuer.Token(With("typ", "Bearer"), head => head["typ"] = "application/logout+jwt"),
        ["of two types in one header"] = issuer => issuer.Token(Admin, head => head["typ"] = new JsonArray("JWT", "at+jwt")),
        ["of two tenants"] = issuer => issuer.Token(Tenant(new JsonArray("acme", "globex"))),
        ["of an empty tenant"] = issuer => issuer.Token(Tenant("")),
        ["of a tenant that is an object"] = issuer => issuer.Token(Tenant(new JsonObject { ["id"] = "acme" })),
        ["no JSON in its header"] = _ => $"{Text("no json")}.{Text("{}")}.x",
        ["a header that is a list"] = _ => $"{Text("[]")}.{Text("{}")}.x",
        ["dots"] = _ => "..",
        ["letters"] = _ => "x.y.z",
        ["encrypted"] = issuer => $"{issuer.Token(Admin).Split('.')[0]}.a.b.c.d",
    };

    public static TheoryData<string> Names => [.. Attacks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Token_is_refused_that_is(string attack)
    {
        using var answer = await AskAsync(Attacks[attack](oidc.Issuer));

        await answer.AssertProblemAsync(401);
        Assert.Empty(oidc.App.Logs.Errors);
        Assert.Equal(0, oidc.Issuer.Elsewhere);
    }

    [Fact]
    public async Task Token_that_is_larger_than_all_headers_may_be_is_refused_before_it_is_read()
    {
        using var answer = await AskAsync(oidc.Issuer.Token(claims => claims["padding"] = new string('x', 40_000)));

        Assert.Equal(431, (int)answer.StatusCode);
    }

    public static TheoryData<string, string> Grants => new()
    {
        { """{"roles":"operator"}""", "operator" },
        { """{"roles":["Operator","AGENT"]}""", "operator agent" },
        { """{"roles":{"operator":true}}""", "" },
        { """{"roles":["service","root"],"scope":"mesh.control"}""", "" },
        { """{"realm_access":{"roles":["viewer"]}}""", "viewer" },
        { """{"realm_access":{"roles":"viewer"}}""", "viewer" },
        { """{"realm_access":["viewer"]}""", "" },
        { """{"resource_access":{"aetherlink":{"roles":["admin"]}}}""", "admin" },
        { """{"resource_access":{"account":{"roles":["admin"]},"AetherLink":{"roles":["admin"]}}}""", "" },
        { """{"resource_access":{"aetherlink":"admin"}}""", "" },
        { """{"role":"admin","groups":["admin"]}""", "" },
    };

    [Theory]
    [MemberData(nameof(Grants))]
    public async Task Roles_are_those_of_the_three_places_and_of_no_other_client(string json, string roles)
    {
        var token = oidc.Issuer.Token(claims =>
        {
            claims["tenant_id"] = "acme";
            foreach (var (name, value) in JsonNode.Parse(json)!.AsObject())
            {
                claims[name] = value!.DeepClone();
            }
        });

        using var answer = await AskAsync(token);

        Assert.Equal(roles.Length > 0 ? 200 : 403, (int)answer.StatusCode);
        if (roles.Length > 0)
        {
            var caller = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            Assert.Equal(roles.Split(' '), caller["roles"]!.AsArray().Select(role => (string)role!));
            Assert.Equal(("ada", false), ((string?)caller["name"], (bool)caller["is_service"]!));
        }
    }

    [Theory]
    [InlineData(-20, 0, 200)]
    [InlineData(300, 20, 200)]
    [InlineData(-40, 0, 401)]
    [InlineData(300, 40, 401)]
    public async Task Clocks_may_differ_by_half_a_minute(int endsIn, int beginsIn, int status)
    {
        using var answer = await AskAsync(oidc.Issuer.Token(claims =>
        {
            Admin(claims);
            claims["nbf"] = Now(beginsIn < endsIn ? beginsIn : endsIn - 60);
            claims["exp"] = Now(endsIn);
        }));

        Assert.Equal(status, (int)answer.StatusCode);
    }

    public static TheoryData<string?, string> AccessTokens => new()
    {
        { null, "{}" },
        { "at+jwt", "{}" },
        { "application/AT+JWT", """{"nonce":"some issuers put it there"}""" },
        // Keycloak, before its version 24.
        { "JWT", """{"typ":"Bearer","nonce":"n"}""" },
    };

    [Theory]
    [MemberData(nameof(AccessTokens))]
    public async Task Access_token_is_known_however_its_issuer_marks_it(string? type, string json)
    {
        var token = oidc.Issuer.Token(
            claims =>
            {
                Admin(claims);
                foreach (var (name, value) in JsonNode.Parse(json)!.AsObject())
                {
                    claims[name] = value!.DeepClone();
                }
            },
            head =>
            {
                head.Remove("typ");
                if (type is not null)
                {
                    head["typ"] = type;
                }
            });

        using var answer = await AskAsync(token);

        Assert.Equal(200, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("viewer", false)]
    [InlineData("agent", false)]
    [InlineData("operator", false)]
    [InlineData("admin", true)]
    public async Task Only_an_admin_sees_all_tenants_and_other_roles_count_for_nothing_without_one(string role, bool counts)
    {
        using var answer = await AskAsync(oidc.Issuer.Token(claims => claims["roles"] = new JsonArray(role)));
        using var within = await AskAsync(oidc.Issuer.For(role, "acme"));

        Assert.Equal(200, (int)within.StatusCode);
        if (counts)
        {
            Assert.Equal(200, (int)answer.StatusCode);
        }
        else
        {
            Assert.Contains("names no tenant", (await answer.AssertProblemAsync(403)).Detail(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Person_is_known_by_the_subject_whatever_they_are_called()
    {
        using var answer = await AskAsync(oidc.Issuer.Token(With("sub", "f:4711")));

        var caller = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal(("ada", "f:4711"), ((string?)caller["name"], (string?)caller["subject"]));
    }

    [Fact]
    public async Task Tenant_of_the_token_is_the_callers()
    {
        using var answer = await AskAsync(oidc.Issuer.For("operator", "acme"));

        Assert.Equal("acme", (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["tenant_id"]);
    }

    private Task<HttpResponseMessage> AskAsync(string token) => oidc.App.SendAsync("/who", ("Authorization", $"Bearer {token}"));

    private static void Admin(JsonObject claims) => claims["roles"] = new JsonArray("admin");

    private static Action<JsonObject> With(string name, JsonNode value) => claims =>
    {
        Admin(claims);
        claims[name] = value;
    };

    private static Action<JsonObject> Without(string name) => claims =>
    {
        Admin(claims);
        claims.Remove(name);
    };

    private static Action<JsonObject> Tenant(JsonNode tenant) => With("tenant_id", tenant);

    private static long Now(int seconds) => DateTimeOffset.UtcNow.AddSeconds(seconds).ToUnixTimeSeconds();

    private static string Cut(string token) => token[..(token.LastIndexOf('.') + 1)];

    private static string Embedded(TestIssuer issuer, Action<JsonObject, IssuerKey> put)
    {
        var evil = IssuerKey.Make("evil");
        return issuer.Token(Admin, head => put(head, evil), evil);
    }

    private static string Tampered(TestIssuer issuer)
    {
        var (good, bent) = (issuer.For("viewer").Split('.'), issuer.For("admin").Split('.'));
        return $"{good[0]}.{bent[1]}.{good[2]}";
    }

    private static string TwoAlgorithms(TestIssuer issuer)
    {
        var parts = issuer.Token(Admin, head => head["alg"] = "HS256").Split('.');
        return $"{Text($$"""{"alg":"HS256","kid":"{{issuer.Key.Id}}","alg":"RS256"}""")}.{parts[1]}.{parts[2]}";
    }

    private static string Text(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
