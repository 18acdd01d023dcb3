namespace AetherLink.Web.SigningIn;

/// <summary>The OIDC issuer at which people sign in: the section <c>Authentication</c>, which the services read too.</summary>
internal sealed class IssuerOptions
{
    public const string Section = "Authentication";
    public const string AuthorityKey = $"{Section}:{nameof(Authority)}";

    private readonly string? _audience;

    /// <summary>The issuer's address, below which its discovery document is.</summary>
    public string Authority { get; init; } = "";

    /// <summary>This gateway, as the issuer knows it.</summary>
    public string ClientId { get; init; } = "aetherlink";

    /// <summary>Absent for a public client, which has PKCE alone.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>Whom the services' tokens are for.</summary>
    public string Audience
    {
        get => _audience ?? ClientId;
        init => _audience = value;
    }

    /// <summary>
    /// What is asked for. <c>offline_access</c> is not in it: the tokens it gives outlive the person's sign-out at the issuer.
    /// </summary>
    public string Scopes { get; init; } = "openid profile";

    /// <summary>The roles that count without a tenant, beside an admin's.</summary>
    public string? RolesWithoutTenant { get; init; }

    /// <summary>Null for: everywhere but in Development.</summary>
    public bool? RequireHttpsMetadata { get; init; }
}
