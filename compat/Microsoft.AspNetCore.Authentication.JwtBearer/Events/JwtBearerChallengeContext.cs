using Microsoft.AspNetCore.Http;

namespace Microsoft.AspNetCore.Authentication.JwtBearer;

/// <summary>A challenge is about to be sent.</summary>
public class JwtBearerChallengeContext(
    HttpContext context,
    AuthenticationScheme scheme,
    JwtBearerOptions options,
    AuthenticationProperties properties)
    : PropertiesContext<JwtBearerOptions>(context, scheme, options, properties)
{
    /// <summary>Why the authentication failed, if it did.</summary>
    public Exception? AuthenticateFailure { get; set; }

    /// <summary>The challenge's error.</summary>
    public string? Error { get; set; }

    /// <summary>The challenge's error, described.</summary>
    public string? ErrorDescription { get; set; }

    /// <summary>Where the error is explained.</summary>
    public string? ErrorUri { get; set; }

    /// <summary>Whether the application answers by itself.</summary>
    public bool Handled { get; private set; }

    /// <summary>The application answers by itself.</summary>
    public void HandleResponse() => Handled = true;
}
