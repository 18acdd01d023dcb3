using System.Globalization;
using Microsoft.IdentityModel.Tokens;

namespace Microsoft.AspNetCore.Authentication.JwtBearer;

/// <summary>What a client may hear about a token that was refused; the most specific that is known.</summary>
/// <remarks>Nothing of the token's own text: it may hold what no header can, and the real package then fails.</remarks>
internal static class ErrorDescription
{
    public static string Of(Exception failure)
    {
        IEnumerable<Exception> failures = failure is AggregateException many ? many.InnerExceptions : [failure];
        return string.Join("; ", failures.Select(Describe).OfType<string>());
    }

    // The order matters: some of these derive from others.
    private static string? Describe(Exception failure) => failure switch
    {
        SecurityTokenInvalidAudienceException => "The audience is invalid",
        SecurityTokenInvalidIssuerException => "The issuer is invalid",
        SecurityTokenNoExpirationException => "The token has no expiration",
        SecurityTokenInvalidLifetimeException => "The token lifetime is invalid",
        SecurityTokenNotYetValidException early =>
            $"The token is not valid before '{Text(early.NotBefore)}'",
        SecurityTokenExpiredException late => $"The token expired at '{Text(late.Expires)}'",
        SecurityTokenSignatureKeyNotFoundException => "The signature key was not found",
        SecurityTokenInvalidSignatureException => "The signature is invalid",
        _ => null,
    };

    private static string Text(DateTime time) => time.ToString("MM/dd/yyyy HH:mm:ss", CultureInfo.InvariantCulture);
}
