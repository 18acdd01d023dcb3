namespace AetherLink.Web.SigningIn;

/// <summary>What the issuer gave for a person. It stays with the gateway.</summary>
/// <param name="Subject">The person, as the issuer knows them.</param>
/// <param name="AccessToken">For the services.</param>
/// <param name="RefreshToken">For the next access token; null when the issuer gives none.</param>
/// <param name="IdToken">A hint at the sign-out.</param>
/// <param name="RefreshAt">From here on a new access token is fetched.</param>
/// <param name="EndsAt">From here on the services do not accept the access token.</param>
internal sealed record IssuedTokens(
    string Subject, string AccessToken, string? RefreshToken, string IdToken, DateTimeOffset RefreshAt, DateTimeOffset EndsAt);
