using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Microsoft.AspNetCore.Authentication.JwtBearer;

/// <summary>Fills in what follows from the rest: the audience, and how the issuer's configuration is had.</summary>
internal sealed class JwtBearerPostConfigureOptions : IPostConfigureOptions<JwtBearerOptions>
{
    public void PostConfigure(string? name, JwtBearerOptions options)
    {
        if (string.IsNullOrEmpty(options.TokenValidationParameters.ValidAudience))
            options.TokenValidationParameters.ValidAudience = options.Audience;

        if (options.ConfigurationManager is not null)
            return;

        if (options.Configuration is { } known)
            options.ConfigurationManager = new StaticConfigurationManager<OpenIdConnectConfiguration>(known);
        else if (!string.IsNullOrEmpty(options.MetadataAddress) || !string.IsNullOrEmpty(options.Authority))
            options.ConfigurationManager = FetchedFrom(options);
    }

    private static ConfigurationManager<OpenIdConnectConfiguration> FetchedFrom(JwtBearerOptions options)
    {
        if (string.IsNullOrEmpty(options.MetadataAddress))
            options.MetadataAddress = $"{options.Authority!.TrimEnd('/')}/.well-known/openid-configuration";

        if (options.RequireHttpsMetadata
            && !options.MetadataAddress.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException(
                "The MetadataAddress or Authority must use HTTPS unless disabled for development by setting RequireHttpsMetadata=false.");
        }

        options.Backchannel ??= new HttpClient(options.BackchannelHttpHandler ?? new HttpClientHandler())
        {
            Timeout = options.BackchannelTimeout,
            MaxResponseContentBufferSize = 10 * 1024 * 1024, // no issuer's keys come near it
        };
        return new ConfigurationManager<OpenIdConnectConfiguration>(
            options.MetadataAddress,
            new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever(options.Backchannel) { RequireHttps = options.RequireHttpsMetadata })
        {
            RefreshInterval = options.RefreshInterval,
            AutomaticRefreshInterval = options.AutomaticRefreshInterval,
        };
    }
}
