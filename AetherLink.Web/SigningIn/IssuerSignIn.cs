using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using AetherLink.Web.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace AetherLink.Web.SigningIn;

/// <summary>
/// OpenID Connect's authorization code flow with PKCE, over the framework's OAuth handler: state, correlation and the code
/// verifier are its own; the issuer's addresses, the nonce and the id token are added here.
/// </summary>
internal sealed class IssuerSignIn(
    IOptionsMonitor<OAuthOptions> options, ILoggerFactory loggers, UrlEncoder encoder,
    Issuer issuer, IssuerTokens tokens, PersonSessions sessions)
    : OAuthHandler<OAuthOptions>(options, loggers, encoder)
{
    public const string SchemeName = "issuer";

    /// <summary>Registered at the issuer as the redirect address.</summary>
    public const string CallbackPath = "/api/session/callback";

    /// <summary>In place of the addresses which only the issuer knows, and which the options want to have at the start.</summary>
    public const string Unknown = "https://issuer.invalid/";

    /// <summary>In the properties: the session that this browser has had until now.</summary>
    public const string Former = "former";

    private const string Nonce = "nonce";
    private const string Destination = "destination";

    /// <summary>The framework's own builder of the address is not asynchronous: the issuer has been asked before.</summary>
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        properties.SetParameter(Destination, (await issuer.KnownAsync(Context.RequestAborted)).AuthorizationEndpoint);
        await base.HandleChallengeAsync(properties);
    }

    protected override string BuildChallengeUrl(AuthenticationProperties properties, string redirectUri)
    {
        var nonce = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
        // Within the state, which is encrypted and bound to this browser by the correlation cookie.
        properties.Items[Nonce] = nonce;
        var query = QueryHelpers.ParseQuery(new Uri(base.BuildChallengeUrl(properties, redirectUri)).Query);
        query[Nonce] = nonce;
        return QueryHelpers.AddQueryString(properties.GetParameter<string>(Destination)!, query);
    }

    protected override async Task<OAuthTokenResponse> ExchangeCodeAsync(OAuthCodeExchangeContext context)
    {
        // RFC 9207: an answer of another issuer's must not make us send the code to ours.
        var issuerOfAnswer = Request.Query["iss"].ToString();
        if (issuerOfAnswer.Length > 0 && issuerOfAnswer != (await issuer.KnownAsync(Context.RequestAborted)).Issuer)
            return OAuthTokenResponse.Failed(new SecurityTokenException("The answer is of another issuer."));

        var answer = await issuer.RequestTokensAsync(
            new(StringComparer.Ordinal)
            {
                ["grant_type"] = "authorization_code",
                ["code"] = context.Code,
                ["redirect_uri"] = context.RedirectUri,
                ["code_verifier"] = context.Properties.Items[OAuthConstants.CodeVerifierKey]!,
            },
            Context.RequestAborted);
        return answer is null
            ? OAuthTokenResponse.Failed(new SecurityTokenException("The issuer does not take the code."))
            : OAuthTokenResponse.Success(answer);
    }

    protected override async Task<AuthenticationTicket> CreateTicketAsync(
        ClaimsIdentity identity, AuthenticationProperties properties, OAuthTokenResponse tokenResponse)
    {
        var session = await tokens.BeginAsync(
            tokenResponse.Response!.RootElement, properties.Items[Nonce]!, Context.RequestAborted);
        // Whoever was signed in here before is not any more. The cookie of that session is strict and has not come along.
        if (properties.Items.TryGetValue(Former, out var former) && former is not null)
            await sessions.EndAsync(former, CancellationToken.None);
        return new(
            SessionCookie.For(await sessions.BeginAsync(session, Context.RequestAborted)),
            new() { RedirectUri = properties.RedirectUri },
            SessionCookie.Scheme);
    }
}
