using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace Compat.Tests.JwtBearer;

public sealed class SignatureTests
{
    [Theory]
    [InlineData("PS256")]
    [InlineData("ES256")]
    public async Task Other_asymmetric_algorithms_are_accepted(string algorithm)
    {
        await using var issuer = await Issuer.StartAsync();
        issuer.ChangeKey(algorithm == "ES256" ? SigningKey.EllipticCurve("ec") : SigningKey.Rsa("ps", algorithm));
        await using var api = await Api.StartAsync(issuer);

        using var response = await api.GetAsync(issuer.Token());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Tampered_token_is_refused()
    {
        await using var issuer = await Issuer.StartAsync();
        await using var api = await Api.StartAsync(issuer);
        var good = issuer.Token().Split('.');
        var forged = issuer.Token(claims => claims["sub"] = "root").Split('.');

        using var response = await api.GetAsync($"{good[0]}.{forged[1]}.{good[2]}");

        Refusal.AssertOf(response, "The signature is invalid");
    }

    [Theory]
    [InlineData("first")]
    [InlineData(null)]
    public async Task Unsigned_token_is_refused(string? kid)
    {
        await using var issuer = await Issuer.StartAsync();
        await using var api = await Api.StartAsync(issuer);

        using var response = await api.GetAsync(issuer.Token(key: SigningKey.None(kid)));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("first")]
    [InlineData(null)]
    public async Task Issuers_public_key_is_no_secret_to_sign_with(string? kid)
    {
        await using var issuer = await Issuer.StartAsync();
        await using var api = await Api.StartAsync(issuer);
        var published = issuer.Key.Published();
        using var rsa = RSA.Create(new RSAParameters
        {
            Modulus = Base64UrlEncoder.DecodeBytes((string)published["n"]!),
            Exponent = Base64UrlEncoder.DecodeBytes((string)published["e"]!),
        });
        byte[][] secrets =
        [
            Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem()),
            rsa.ExportSubjectPublicKeyInfo(),
            Base64UrlEncoder.DecodeBytes((string)published["n"]!),
        ];

        foreach (var secret in secrets)
        {
            using var response = await api.GetAsync(issuer.Token(key: SigningKey.Secret(kid, secret)));
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    [Theory]
    [InlineData("published")]
    [InlineData(null)]
    public async Task Secret_that_an_issuer_publishes_verifies_nothing(string? kid)
    {
        await using var issuer = await Issuer.StartAsync();
        var secret = SigningKey.Secret("published", RandomNumberGenerator.GetBytes(32));
        issuer.OtherKeys.Add(secret.Published());
        await using var api = await Api.StartAsync(issuer);

        using var response = await api.GetAsync(issuer.Token(key: secret with { Id = kid }));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Secret_that_the_application_configures_verifies_its_tokens()
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        await using var api = await Api.StartAsync(options =>
        {
            options.TokenValidationParameters.ValidIssuer = "mesh";
            options.TokenValidationParameters.ValidAudience = "api";
            options.TokenValidationParameters.IssuerSigningKey = new SymmetricSecurityKey(secret);
        });
        var claims = new JsonObject { ["iss"] = "mesh", ["aud"] = "api", ["exp"] = DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeSeconds() };

        using var accepted = await api.GetAsync(SigningKey.Secret(null, secret).Sign(claims));
        using var refused = await api.GetAsync(SigningKey.Secret(null, RandomNumberGenerator.GetBytes(32)).Sign(claims));
        using var asymmetric = await api.GetAsync(SigningKey.Rsa("any").Sign(claims));

        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, asymmetric.StatusCode);
    }

    [Fact]
    public async Task Changed_key_is_fetched_when_a_token_names_it()
    {
        await using var issuer = await Issuer.StartAsync();
        await using var api = await Api.StartAsync(issuer, options => options.RefreshInterval = TimeSpan.FromSeconds(1));
        using var before = await api.GetAsync(issuer.Token());
        var old = issuer.Token();
        issuer.ChangeKey(SigningKey.Rsa("second"));

        await Deadline.UntilAsync(async () => (await api.GetAsync(issuer.Token())).StatusCode == HttpStatusCode.OK);

        using var after = await api.GetAsync(old);
        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Refusal.AssertOf(after, "The signature key was not found");
    }

    [Fact]
    public async Task Tokens_of_unknown_keys_do_not_flood_the_issuer()
    {
        await using var issuer = await Issuer.StartAsync();
        await using var api = await Api.StartAsync(issuer);
        using var good = await api.GetAsync(issuer.Token());
        var unknown = SigningKey.Rsa("unknown");

        for (var i = 0; i < 20; i++)
        {
            using var response = await api.GetAsync(issuer.Token(key: unknown));
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        Assert.InRange(issuer.Fetches, 1, 2);
    }
}
