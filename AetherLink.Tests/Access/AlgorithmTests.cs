using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AetherLink.Tests.Access;

/// <summary>The list of algorithms by itself: whatever a library makes of a token, it sees none of another algorithm.</summary>
public sealed class AlgorithmTests(OidcApp oidc) : IClassFixture<OidcApp>
{
    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("HS512")]
    [InlineData("RS1")]
    [InlineData("rs256")]
    [InlineData("dir")]
    [InlineData("")]
    // RS256 as XML signatures name it, which libraries take as well.
    [InlineData("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256")]
    [InlineData("http://www.w3.org/2001/04/xmldsig-more#hmac-sha256")]
    public async Task Token_of_an_algorithm_that_is_no_issuers_is_refused_before_anybody_looks_at_it(string algorithm) =>
        Assert.NotNull((await ReceiveAsync(oidc.Issuer.Token(head: head => head["alg"] = algorithm)))?.Failure);

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS512")]
    [InlineData("ES256")]
    public async Task Token_of_an_issuers_algorithm_is_looked_at(string algorithm) =>
        Assert.Null(await ReceiveAsync(oidc.Issuer.Token(head: head => head["alg"] = algorithm)));

    private async Task<AuthenticateResult?> ReceiveAsync(string token)
    {
        var options = oidc.App.Services.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get(Schemes.Oidc);
        var context = new MessageReceivedContext(
            new DefaultHttpContext { Request = { Headers = { Authorization = $"Bearer {token}" } } }, new(Schemes.Oidc, null, typeof(JwtBearerHandler)), options);
        await options.Events.MessageReceived(context);
        return context.Result;
    }
}
