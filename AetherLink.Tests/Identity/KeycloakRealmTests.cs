using System.Text.Json;
using AetherLink.Web.SigningIn;

namespace AetherLink.Tests.Identity;

/// <summary>The realm that is shipped: read here, since no Keycloak runs where there is no image of it.</summary>
public sealed class KeycloakRealmTests
{
    private static readonly JsonElement Realm = JsonSerializer.Deserialize<JsonElement>(
        File.ReadAllText(Path.Combine(Repository.Root, "config", "keycloak", "aetherlink-realm.json")));

    [Fact]
    public void Client_has_the_code_flow_with_PKCE_and_no_other_way_in()
    {
        var client = Assert.Single(Realm.GetProperty("clients").EnumerateArray());

        Assert.Equal("aetherlink", client.GetProperty("clientId").GetString());
        Assert.Equal("S256", client.GetProperty("attributes").GetProperty("pkce.code.challenge.method").GetString());
        Assert.Equal(
            ["standardFlowEnabled"],
            new[] { "standardFlowEnabled", "implicitFlowEnabled", "directAccessGrantsEnabled", "serviceAccountsEnabled" }
                .Where(flow => client.GetProperty(flow).GetBoolean()));
        Assert.Equal("http://localhost:5173" + IssuerSignIn.CallbackPath, Assert.Single(client.GetProperty("redirectUris").EnumerateArray()).GetString());
    }

    [Fact]
    public void Tenant_and_audience_are_in_the_access_token_and_nobody_sets_their_own_tenant()
    {
        var mappers = Realm.GetProperty("clients")[0].GetProperty("protocolMappers").EnumerateArray()
            .ToDictionary(mapper => mapper.GetProperty("protocolMapper").GetString()!, mapper => mapper.GetProperty("config"));
        var tenant = mappers["oidc-usermodel-attribute-mapper"];
        var audience = mappers["oidc-audience-mapper"];
        var profile = Realm.GetProperty("components").EnumerateObject().Single().Value[0]
            .GetProperty("config").GetProperty("kc.user.profile.config")[0].GetString()!;
        var attribute = JsonSerializer.Deserialize<JsonElement>(profile).GetProperty("attributes").EnumerateArray()
            .Single(one => one.GetProperty("name").GetString() == "tenant_id");

        Assert.Equal(("tenant_id", "tenant_id", "true"), (Text(tenant, "user.attribute"), Text(tenant, "claim.name"), Text(tenant, "access.token.claim")));
        Assert.Equal(("aetherlink", "true"), (Text(audience, "included.client.audience"), Text(audience, "access.token.claim")));
        Assert.Equal(["admin"], attribute.GetProperty("permissions").GetProperty("edit").EnumerateArray().Select(who => who.GetString()));
    }

    [Fact]
    public void Each_role_has_a_person_in_two_tenants_and_in_none()
    {
        string?[] tenants = ["acme", "globex", null];
        string[] roles = ["viewer", "agent", "operator", "admin"];
        var people = Realm.GetProperty("users").EnumerateArray().Select(person => (
            Role: Assert.Single(person.GetProperty("realmRoles").EnumerateArray()).GetString()!,
            Tenant: person.TryGetProperty("attributes", out var attributes) ? attributes.GetProperty("tenant_id")[0].GetString() : null));

        Assert.Equal(roles, Realm.GetProperty("roles").GetProperty("realm").EnumerateArray().Select(role => role.GetProperty("name").GetString()));
        Assert.Equal(tenants.SelectMany(tenant => roles.Select(role => (role, tenant))), people);
        Assert.True(Realm.GetProperty("revokeRefreshToken").GetBoolean());
    }

    private static string? Text(JsonElement config, string name) => config.GetProperty(name).GetString();
}
