using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Microsoft.Net.Http.Headers;

namespace Microsoft.AspNetCore.Authentication.JwtBearer;

/// <summary>Authenticates a request by the bearer token in its header.</summary>
public class JwtBearerHandler(IOptionsMonitor<JwtBearerOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<JwtBearerOptions>(options, logger, encoder)
{
    private const string Prefix = "Bearer ";

    private static readonly JsonWebTokenHandler Tokens = new();

    // The cache of this version knows keys by their ids only: another key of the same id would verify as the first one.
    private static readonly CryptoProviderFactory WithoutCache = new() { CacheSignatureProviders = false };

    /// <summary>What the application does at points of the authentication.</summary>
    protected new JwtBearerEvents Events
    {
        get => (JwtBearerEvents)base.Events!;
        set => base.Events = value;
    }

    /// <inheritdoc />
    protected override Task<object> CreateEventsAsync() => Task.FromResult<object>(new JwtBearerEvents());

    /// <inheritdoc />
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        try
        {
            var received = new MessageReceivedContext(Context, Scheme, Options);
            await Events.MessageReceived(received);
            if (received.Result is { } answered)
                return answered;

            if ((received.Token ?? TokenOfHeader()) is not { Length: > 0 } token)
                return AuthenticateResult.NoResult();

            var validation = await ValidateAsync(token);
            if (validation.IsValid)
                return await SucceedAsync(token, validation);

            Log.TokenValidationFailed(Logger, validation.Exception);
            return await FailAsync(validation.Exception) ?? AuthenticateResult.Fail(validation.Exception);
        }
        catch (Exception exception)
        {
            Log.ErrorProcessingMessage(Logger, exception);
            if (await FailAsync(exception) is { } answered)
                return answered;
            throw;
        }
    }

    /// <inheritdoc />
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var result = await HandleAuthenticateOnceSafeAsync();
        var challenge = new JwtBearerChallengeContext(Context, Scheme, Options, properties)
        {
            AuthenticateFailure = result.Failure,
        };
        if (Options.IncludeErrorDetails && result.Failure is { } failure)
        {
            challenge.Error = "invalid_token";
            challenge.ErrorDescription = ErrorDescription.Of(failure);
        }

        await Events.Challenge(challenge);
        if (challenge.Handled)
            return;

        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.Append(HeaderNames.WWWAuthenticate, HeaderOf(challenge));
    }

    /// <inheritdoc />
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        if (!Response.HasStarted)
            Response.StatusCode = StatusCodes.Status403Forbidden;
        return Events.Forbidden(new ForbiddenContext(Context, Scheme, Options));
    }

    private string? TokenOfHeader()
    {
        var header = Request.Headers.Authorization.ToString();
        return header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? header[Prefix.Length..].Trim() : null;
    }

    private async Task<TokenValidationResult> ValidateAsync(string token)
    {
        if (Options.ConfigurationManager is not { } manager)
            return Validate(token, null);

        var configuration = await manager.GetConfigurationAsync(Context.RequestAborted);
        var result = Validate(token, configuration);
        if (result.IsValid || !Options.RefreshOnIssuerKeyNotFound
            || result.Exception is not SecurityTokenSignatureKeyNotFoundException)
        {
            return result;
        }

        // The issuer may have changed its keys. The manager bounds how often this really asks the issuer.
        manager.RequestRefresh();
        var refreshed = await manager.GetConfigurationAsync(Context.RequestAborted);
        return ReferenceEquals(refreshed, configuration) ? result : Validate(token, refreshed);
    }

    private TokenValidationResult Validate(string token, OpenIdConnectConfiguration? configuration)
    {
        if (!Tokens.CanReadToken(token))
            return new TokenValidationResult { Exception = new SecurityTokenException("The token is no JSON web token.") };

        var parameters = Options.TokenValidationParameters.Clone();
        if (configuration is not null)
            parameters.ValidIssuers = [.. parameters.ValidIssuers ?? [], configuration.Issuer];
        parameters.CryptoProviderFactory = WithoutCache;
        parameters.IssuerSigningKeyResolver =
            new SigningKeys(Options.TokenValidationParameters, configuration?.SigningKeys ?? []).Resolve;
        return Tokens.ValidateToken(token, parameters);
    }

    private async Task<AuthenticateResult> SucceedAsync(string token, TokenValidationResult validation)
    {
        Log.TokenValidationSucceeded(Logger);
        var identity = Options.MapInboundClaims
            ? InboundClaims.Map(validation.ClaimsIdentity)
            : validation.ClaimsIdentity;
        var validated = new TokenValidatedContext(Context, Scheme, Options)
        {
            Principal = new(identity),
            SecurityToken = validation.SecurityToken,
        };
        validated.Properties.ExpiresUtc = TimeOf(validation.SecurityToken.ValidTo);
        validated.Properties.IssuedUtc = TimeOf(validation.SecurityToken.ValidFrom);

        await Events.TokenValidated(validated);
        if (validated.Result is { } answered)
            return answered;

        if (Options.SaveToken)
            validated.Properties.StoreTokens([new AuthenticationToken { Name = "access_token", Value = token }]);
        validated.Success();
        return validated.Result!;
    }

    private async Task<AuthenticateResult?> FailAsync(Exception exception)
    {
        var failed = new AuthenticationFailedContext(Context, Scheme, Options) { Exception = exception };
        await Events.AuthenticationFailed(failed);
        return failed.Result;
    }

    // RFC 6750, section 3: Bearer realm="example", error="invalid_token", error_description="The token is expired"
    private string HeaderOf(JwtBearerChallengeContext challenge)
    {
        (string Name, string? Value)[] parameters =
        [
            ("error", challenge.Error),
            ("error_description", challenge.ErrorDescription),
            ("error_uri", challenge.ErrorUri),
        ];
        var said = string.Join(", ", parameters
            .Where(parameter => !string.IsNullOrEmpty(parameter.Value))
            .Select(parameter => $"{parameter.Name}=\"{parameter.Value}\""));
        if (said.Length == 0)
            return Options.Challenge;
        return Options.Challenge + (Options.Challenge.Contains(' ', StringComparison.Ordinal) ? ", " : " ") + said;
    }

    private static DateTimeOffset? TimeOf(DateTime time) =>
        time == default ? null : new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
