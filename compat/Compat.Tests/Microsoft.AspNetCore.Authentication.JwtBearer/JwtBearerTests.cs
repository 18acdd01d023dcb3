using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;

namespace Compat.Tests.JwtBearer;

public sealed class JwtBearerTests
{
    [Fact]
    public async Task Good_token_is_accepted_and_its_claims_keep_their_names()
    {
        await using var issuer = await Issuer.StartAsync();
        await using var api = await Api.StartAsync(issuer);

        using var response = await api.GetAsync(issuer.Token());

        var claims = JsonSerializer.Deserialize<string[]>(await response.Content.ReadAsStringAsync())!;
        Assert.Contains("sub=alice", claims);
        Assert.Equal(["roles=operator", "roles=agent"], claims.Where(claim => claim.Contains("role", StringComparison.Ordinal)));
        using var operators = await api.GetAsync(issuer.Token(), "/operators");
        Assert.Equal("alice", await operators.Content.ReadAsStringAsync());
        using var forbidden = await api.GetAsync(issuer.Token(claims => claims["roles"] = "viewer"), "/operators");
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
    }

    [Fact]
    public async Task Claims_get_their_long_names_when_mapped()
    {
        await using var issuer = await Issuer.StartAsync();
        await using var api = await Api.StartAsync(issuer, options => options.MapInboundClaims = true);

        using var response = await api.GetAsync(issuer.Token());

        var claims = await response.Content.ReadAsStringAsync();
        Assert.Contains("http://schemas.microsoft.com/ws/2008/06/identity/claims/role=operator", claims, StringComparison.Ordinal);
        Assert.DoesNotContain("\"roles=", claims, StringComparison.Ordinal);
    }

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

    [Theory]
    [InlineData("iss", "http://elsewhere", "The issuer is invalid")]
    [InlineData("aud", "other", "The audience is invalid")]
    public async Task Token_of_another_issuer_or_for_another_audience_is_refused(string claim, string value, string reason)
    {
        await using var issuer = await Issuer.StartAsync();
        await using var api = await Api.StartAsync(issuer);

        using var response = await api.GetAsync(issuer.Token(claims => claims[claim] = value));

        AssertRefused(response, reason);
    }

    [Theory]
    [InlineData(-25, true)]
    [InlineData(-40, false)]
    public async Task Expired_token_is_refused_beyond_the_clock_skew(int expiredBySeconds, bool accepted)
    {
        await using var issuer = await Issuer.StartAsync();
        await using var api = await Api.StartAsync(issuer);

        using var response = await api.GetAsync(issuer.Token(claims =>
        {
            claims["nbf"] = DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeSeconds();
            claims["exp"] = DateTimeOffset.UtcNow.AddSeconds(expiredBySeconds).ToUnixTimeSeconds();
        }));

        if (accepted)
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        else
            AssertRefused(response, "The token expired at '");
    }

    [Fact]
    public async Task Token_without_an_end_or_before_its_begin_is_refused()
    {
        await using var issuer = await Issuer.StartAsync();
        await using var api = await Api.StartAsync(issuer);

        using var endless = await api.GetAsync(issuer.Token(claims => claims.Remove("exp")));
        using var early = await api.GetAsync(issuer.Token(claims =>
            claims["nbf"] = DateTimeOffset.UtcNow.AddMinutes(2).ToUnixTimeSeconds()));

        AssertRefused(endless, "The token ");
        AssertRefused(early, "The token is not valid before '");
    }

    [Fact]
    public async Task Tampered_token_is_refused()
    {
        await using var issuer = await Issuer.StartAsync();
        await using var api = await Api.StartAsync(issuer);
        var good = issuer.Token().Split('.');
        var forged = issuer.Token(claims => claims["sub"] = "root").Split('.');

        using var response = await api.GetAsync($"{good[0]}.{forged[1]}.{good[2]}");

        AssertRefused(response, "The signature is invalid");
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
        AssertRefused(after, "The signature key was not found");
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

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("a.b.c")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    public async Task Nonsense_is_unauthorized(string token)
    {
        await using var issuer = await Issuer.StartAsync();
        await using var api = await Api.StartAsync(issuer);

        using var response = await api.GetAsync(token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task No_token_is_challenged_without_an_error()
    {
        await using var issuer = await Issuer.StartAsync();
        await using var api = await Api.StartAsync(issuer);

        using var response = await api.GetAsync(token: null);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task Events_may_bring_the_token_refuse_it_and_answer_the_challenge()
    {
        await using var issuer = await Issuer.StartAsync();
        string? failure = null;
        await using var api = await Api.StartAsync(issuer, options => options.Events = new JwtBearerEvents
        {
            OnMessageReceived = received =>
            {
                received.Token = received.Request.Query["token"];
                return Task.CompletedTask;
            },
            OnTokenValidated = validated =>
            {
                if (validated.Principal!.FindFirst("sub")!.Value == "mallory")
                    validated.Fail("mallory");
                return Task.CompletedTask;
            },
            OnChallenge = challenge =>
            {
                failure = challenge.AuthenticateFailure?.Message;
                challenge.HandleResponse();
                challenge.Response.StatusCode = 418;
                return Task.CompletedTask;
            },
        });

        using var accepted = await api.GetAsync(null, $"/me?token={issuer.Token()}");
        using var refused = await api.GetAsync(null, $"/me?token={issuer.Token(claims => claims["sub"] = "mallory")}");

        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        Assert.Equal(418, (int)refused.StatusCode);
        Assert.Equal("mallory", failure);
    }

    [Fact]
    public async Task Authority_without_HTTPS_is_refused_unless_allowed()
    {
        await using var issuer = await Issuer.StartAsync();
        await using var api = await Api.StartAsync(issuer, options => options.RequireHttpsMetadata = true);

        using var response = await api.GetAsync(issuer.Token());

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(0, issuer.Fetches);
    }

    private static void AssertRefused(HttpResponseMessage response, string reason)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.StartsWith(
            $"Bearer error=\"invalid_token\", error_description=\"{reason}",
            response.Headers.NonValidated["WWW-Authenticate"].ToString(),
            StringComparison.Ordinal);
    }
}
