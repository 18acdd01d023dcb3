using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Microsoft.AspNetCore.Authentication.JwtBearer;

/// <summary>Options of bearer token authentication.</summary>
public class JwtBearerOptions : AuthenticationSchemeOptions
{
    /// <summary>Whether the metadata must come over HTTPS; only a development environment has a reason to say no.</summary>
    public bool RequireHttpsMetadata { get; set; } = true;

    /// <summary>Where the issuer's metadata is; made from <see cref="Authority"/> if it is not set.</summary>
    public string MetadataAddress { get; set; } = default!;

    /// <summary>The issuer.</summary>
    public string? Authority { get; set; }

    /// <summary>The audience that a token must be for, unless <see cref="TokenValidationParameters"/> name one.</summary>
    public string? Audience { get; set; }

    /// <summary>What <c>WWW-Authenticate</c> says.</summary>
    public string Challenge { get; set; } = JwtBearerDefaults.AuthenticationScheme;

    /// <summary>What the application does at points of the authentication.</summary>
    public new JwtBearerEvents Events
    {
        get => (JwtBearerEvents)base.Events!;
        set => base.Events = value;
    }

    /// <summary>The handler that reaches the issuer.</summary>
    public HttpMessageHandler? BackchannelHttpHandler { get; set; }

    /// <summary>The client that reaches the issuer.</summary>
    public HttpClient Backchannel { get; set; } = default!;

    /// <summary>How long a request to the issuer may take.</summary>
    public TimeSpan BackchannelTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The issuer's configuration, if it is known and not to be fetched.</summary>
    public OpenIdConnectConfiguration? Configuration { get; set; }

    /// <summary>Fetches, keeps and refreshes the issuer's configuration.</summary>
    public IConfigurationManager<OpenIdConnectConfiguration>? ConfigurationManager { get; set; }

    /// <summary>Whether a token of an unknown key makes the configuration be fetched again.</summary>
    public bool RefreshOnIssuerKeyNotFound { get; set; } = true;

    /// <summary>What a token must fulfil.</summary>
    public TokenValidationParameters TokenValidationParameters { get; set; } = new();

    /// <summary>Whether the token is kept with the authentication properties.</summary>
    public bool SaveToken { get; set; } = true;

    /// <summary>Whether <c>WWW-Authenticate</c> says what is wrong with a token.</summary>
    public bool IncludeErrorDetails { get; set; } = true;

    /// <summary>Whether short claim names such as <c>roles</c> become long ones.</summary>
    public bool MapInboundClaims { get; set; } = true;

    /// <summary>How old the configuration may get.</summary>
    public TimeSpan AutomaticRefreshInterval { get; set; } =
        ConfigurationManager<OpenIdConnectConfiguration>.DefaultAutomaticRefreshInterval;

    /// <summary>How long nothing is fetched again after a fetch, whatever asks for it.</summary>
    public TimeSpan RefreshInterval { get; set; } =
        ConfigurationManager<OpenIdConnectConfiguration>.DefaultRefreshInterval;
}
