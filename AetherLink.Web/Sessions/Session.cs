using System.Text.Json.Serialization;

namespace AetherLink.Web.Sessions;

/// <summary>Who is signed in, and what the page needs in order to act for them.</summary>
/// <param name="SignedIn">Whether anybody is.</param>
/// <param name="Name">Their name.</param>
/// <param name="Roles">Their roles.</param>
/// <param name="TenantId">The tenant they are confined to; null for none.</param>
/// <param name="CsrfToken">For the header of everything that changes something.</param>
/// <param name="Development">What may be chosen at the sign-in of Development; null where there is none.</param>
/// <param name="Issuer">Where people sign in; null in Development, and where nobody can.</param>
/// <param name="RbacEnabled">False when everything is open to everybody, which every page says.</param>
/// <param name="LivePosition">The newest event's number just now: a stream from there misses nothing of what is asked later. Null for whoever may not listen.</param>
/// <param name="SignOutUrl">After a sign-out: where the browser goes, so that it ends at the issuer too.</param>
internal sealed record Session(
    bool SignedIn, string? Name, IReadOnlyCollection<string> Roles, string? TenantId, string CsrfToken, SignInChoices? Development,
    IssuerState? Issuer, bool RbacEnabled, long? LivePosition, string? SignOutUrl);

/// <param name="Available">Whether it answers.</param>
internal sealed record IssuerState(bool Available);

internal sealed record SignInChoices(IReadOnlyList<string> Roles, IReadOnlyList<string> Tenants);

/// <summary>The sign-in of Development: anybody may be anybody.</summary>
internal sealed record SignIn(string? Role = null, string? TenantId = null, string? Name = null);

/// <summary>The tenants that the sign-in of Development offers.</summary>
internal sealed class DevelopmentSignInOptions
{
    public IReadOnlyList<string> Tenants { get; init; } = ["acme", "globex"];
}

[JsonSerializable(typeof(Session))]
[JsonSerializable(typeof(SignIn))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class SessionJson : JsonSerializerContext;
