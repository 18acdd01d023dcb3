using AetherLink.Web.Sessions;
using Microsoft.IdentityModel.Tokens;

namespace AetherLink.Web.SigningIn;

/// <summary>A new access token for a session, by its refresh token.</summary>
internal sealed class Renewing(Issuer issuer, IssuerTokens tokens, TimeProvider clock, ILogger<Renewing> logger)
{
    /// <returns>
    /// The renewed session; the same one when the issuer is away, and nothing has been lost yet; null when the issuer, or the
    /// time, has ended it.
    /// </returns>
    public async Task<PersonSession?> RenewAsync(PersonSession session)
    {
        var former = session.Tokens!;
        if (former.RefreshToken is not { } refresh)
            return session.IsStale(clock.GetUtcNow()) ? null : session;
        try
        {
            // Not to be broken off by a browser that leaves: a refresh token is taken once, and its answer is the only one.
            using var answer = await issuer.RequestTokensAsync(
                new(StringComparer.Ordinal) { ["grant_type"] = "refresh_token", ["refresh_token"] = refresh }, CancellationToken.None);
            return answer is null ? null : await tokens.RenewAsync(answer.RootElement, former, CancellationToken.None);
        }
        catch (IssuerAwayException)
        {
            return session;
        }
        catch (SecurityTokenException exception)
        {
            Log.RenewalInvalid(logger, session.Name, exception.Message);
            return null;
        }
    }
}
