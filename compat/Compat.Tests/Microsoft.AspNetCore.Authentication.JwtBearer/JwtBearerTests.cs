using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.JwtBearer;

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
    [InlineData("iss", "http://elsewhere", "The issuer is invalid")]
    [InlineData("aud", "other", "The audience is invalid")]
    public async Task Token_of_another_issuer_or_for_another_audience_is_refused(string claim, string value, string reason)
    {
        await using var issuer = await Issuer.StartAsync();
        await using var api = await Api.StartAsync(issuer);

        using var response = await api.GetAsync(issuer.Token(claims => claims[claim] = value));

        Refusal.AssertOf(response, reason);
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
            Refusal.AssertOf(response, "The token expired at '");
    }

    [Fact]
    public async Task Token_without_an_end_or_before_its_begin_is_refused()
    {
        await using var issuer = await Issuer.StartAsync();
        await using var api = await Api.StartAsync(issuer);

        using var endless = await api.GetAsync(issuer.Token(claims => claims.Remove("exp")));
        using var early = await api.GetAsync(issuer.Token(claims =>
            claims["nbf"] = DateTimeOffset.UtcNow.AddMinutes(2).ToUnixTimeSeconds()));

        Refusal.AssertOf(endless, "The token ");
        Refusal.AssertOf(early, "The token is not valid before '");
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
}
