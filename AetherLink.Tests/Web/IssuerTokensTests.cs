using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AetherLink.Tests.Identity;
using AetherLink.Web.SigningIn;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace AetherLink.Tests.Web;

/// <summary>Answers of a token endpoint that are not what they should be: of a careless issuer, or of somebody in its place.</summary>
public sealed class IssuerTokensTests(OidcProvider provider) : IClassFixture<OidcProvider>, IAsyncLifetime
{
    private const string Nonce = "the nonce of this sign-in";

    private FakeMesh _mesh = null!;
    private Gateway _gateway = null!;

    public async Task InitializeAsync()
    {
        await provider.ResetAsync();
        _mesh = await FakeMesh.StartAsync();
        _gateway = await IssuerGateway.StartAsync(_mesh, provider);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _mesh.DisposeAsync();
    }

    [Fact]
    public async Task Both_tokens_as_they_should_be_make_a_session()
    {
        var session = await BeginAsync(await SignAsync(IdToken()), await SignAsync(AccessToken()));

        Assert.Equal("operator@acme", session.Name);
        Assert.Equal(["operator"], session.Roles);
        Assert.Equal("acme", session.TenantId);
    }

    [Fact]
    public async Task Id_token_with_a_wrong_claim_is_refused()
    {
        (string Claim, string Value)[] wrong =
        [
            ("iss", "https://evil.example"), ("aud", "another-client"), ("nonce", "another"), ("nonce", ""), ("azp", "another-client"),
            ("sub", "somebody-else"), ("exp", "-3600"),
        ];
        foreach (var (claim, value) in wrong)
            await Assert.ThrowsAnyAsync<SecurityTokenException>(async () =>
                await BeginAsync(await SignAsync(With(IdToken(), claim, value)), await SignAsync(AccessToken())));
    }

    [Fact]
    public async Task Access_token_with_a_wrong_claim_is_refused()
    {
        (string Claim, string Value)[] wrong =
            [("iss", "https://evil.example"), ("aud", "another-service"), ("sub", "somebody-else"), ("exp", "-3600"), ("nonce", Nonce), ("typ", "ID")];
        foreach (var (claim, value) in wrong)
            await Assert.ThrowsAnyAsync<SecurityTokenException>(async () =>
                await BeginAsync(await SignAsync(IdToken()), await SignAsync(With(AccessToken(), claim, value))));
    }

    [Fact]
    public async Task Token_that_the_issuer_did_not_sign_is_refused()
    {
        var good = await SignAsync(IdToken());
        string[] bad =
        [
            $"{Encoded("""{"alg":"none"}""")}.{good.Split('.')[1]}.",
            await WithPublicKeyAsSecretAsync(good),
            await provider.SignAsync(IdToken(), strangeKey: true),
            await provider.SignAsync(IdToken(), new { kid = (string?)null }, strangeKey: true),
            $"{good.Split('.')[0]}.{Encoded(JsonSerializer.Serialize(With(IdToken(), "name", "root")))}.{good.Split('.')[2]}",
            "an-opaque-token",
        ];
        foreach (var token in bad)
        {
            await Assert.ThrowsAnyAsync<SecurityTokenException>(async () => await BeginAsync(token, await SignAsync(AccessToken())));
            await Assert.ThrowsAnyAsync<SecurityTokenException>(async () => await BeginAsync(good, token));
        }
    }

    [Fact]
    public async Task Renewed_id_token_of_another_person_is_refused()
    {
        var former = (await BeginAsync(await SignAsync(IdToken()), await SignAsync(AccessToken()))).Tokens!;
        var answer = Answer(await SignAsync(With(IdToken(), "sub", "somebody-else")), await SignAsync(AccessToken()));

        await Assert.ThrowsAnyAsync<SecurityTokenException>(() => Tokens.RenewAsync(answer, former, CancellationToken.None));
    }

    private IssuerTokens Tokens => _gateway.Services.GetRequiredService<IssuerTokens>();

    private Task<AetherLink.Web.Sessions.PersonSession> BeginAsync(string idToken, string accessToken) =>
        Tokens.BeginAsync(Answer(idToken, accessToken), Nonce, CancellationToken.None);

    private Task<string> SignAsync(Dictionary<string, object> claims) => provider.SignAsync(claims);

    private static JsonElement Answer(string idToken, string accessToken) =>
        JsonSerializer.SerializeToElement(new { id_token = idToken, access_token = accessToken, refresh_token = "r" });

    private Dictionary<string, object> IdToken() => new(Base()) { ["aud"] = OidcProvider.ClientId, ["nonce"] = Nonce };

    private Dictionary<string, object> AccessToken() => new(Base())
    {
        ["aud"] = "aetherlink",
        ["name"] = "operator@acme",
        ["roles"] = new[] { "operator" },
        ["tenant_id"] = "acme",
    };

    private Dictionary<string, object> Base() => new()
    {
        ["iss"] = provider.Issuer,
        ["sub"] = "operator@acme",
        ["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
        ["exp"] = DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeSeconds(),
    };

    private static Dictionary<string, object> With(Dictionary<string, object> claims, string claim, string value) => new(claims)
    {
        [claim] = claim == "exp" ? DateTimeOffset.UtcNow.AddSeconds(int.Parse(value, null)).ToUnixTimeSeconds() : value,
    };

    /// <summary>The oldest trick: what everybody can read, as the secret of a symmetric signature.</summary>
    private async Task<string> WithPublicKeyAsSecretAsync(string token)
    {
        using var http = new HttpClient();
        var keys = JsonSerializer.Deserialize<JsonElement>(await http.GetStringAsync(provider.Issuer + "/jwks")).GetProperty("keys")[0];
        using var rsa = RSA.Create(new RSAParameters
        {
            Modulus = WebEncoders.Base64UrlDecode(keys.GetProperty("n").GetString()!),
            Exponent = WebEncoders.Base64UrlDecode(keys.GetProperty("e").GetString()!),
        });
        var text = $"{Encoded($$"""{"alg":"HS256","kid":"{{keys.GetProperty("kid").GetString()}}"}""")}.{token.Split('.')[1]}";
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(rsa.ExportSubjectPublicKeyInfoPem()), Encoding.UTF8.GetBytes(text));
        return $"{text}.{WebEncoders.Base64UrlEncode(mac)}";
    }

    private static string Encoded(string json) => WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(json));
}
