using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace AetherLink.Web.SigningIn;

/// <summary>The issuer, asked directly: for its description of itself, and for tokens.</summary>
internal sealed class Issuer(
    IHttpClientFactory clients, IOptions<IssuerOptions> options, IHostEnvironment environment, TimeProvider clock, ILogger<Issuer> logger)
{
    public const string Client = "issuer";

    /// <summary>An issuer that does not answer within this is away, as far as a person in front of a page is concerned.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>While the issuer is away it is asked so often, and not by every request; it is found again within this.</summary>
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);

    /// <summary>For the page that says whether there is anybody to sign in at; the sign-in itself asks afresh.</summary>
    private static readonly TimeSpan Recently = TimeSpan.FromSeconds(5);

    private volatile OpenIdConnectConfiguration? _known;
    private volatile Attempt? _last;

    public IssuerOptions Options { get; } = options.Value;

    /// <summary>What the issuer says of itself, now.</summary>
    /// <exception cref="IssuerAwayException">It does not answer.</exception>
    public async Task<OpenIdConnectConfiguration> AskAsync(CancellationToken cancellationToken)
    {
        ThrowIfJustFailed();
        try
        {
            var answer = await OpenIdConnectConfigurationRetriever.GetAsync(
                $"{Options.Authority.TrimEnd('/')}/.well-known/openid-configuration", Documents(), cancellationToken);
            // OpenID Connect Discovery 4.3: else it is the document of somebody else.
            if (answer.Issuer?.TrimEnd('/') != Options.Authority.TrimEnd('/'))
                throw new IOException($"It says that it is {answer.Issuer}.");
            Answered();
            return _known = answer;
        }
#pragma warning disable CA1031 // No connection, no JSON, no keys: in each case the issuer has not answered.
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            throw Failed(failure);
        }
    }

    /// <summary>What the issuer said last; it is asked when it never was.</summary>
    public async Task<OpenIdConnectConfiguration> KnownAsync(CancellationToken cancellationToken) =>
        _known ?? await AskAsync(cancellationToken);

    /// <summary>Whether a sign-in can begin.</summary>
    public async Task<bool> IsThereAsync(CancellationToken cancellationToken)
    {
        if (_last is { Succeeded: true } last && clock.GetElapsedTime(last.At) < Recently)
            return true;
        try
        {
            await AskAsync(cancellationToken);
            return true;
        }
        catch (IssuerAwayException)
        {
            return false;
        }
    }

    /// <summary>Asks the token endpoint, as this gateway's client.</summary>
    /// <returns>The answer, or null when the issuer refuses: a code or a refresh token that is none any more.</returns>
    /// <exception cref="IssuerAwayException">It does not answer, or not with anything that is one.</exception>
    public async Task<JsonDocument?> RequestTokensAsync(Dictionary<string, string> form, CancellationToken cancellationToken)
    {
        ThrowIfJustFailed();
        var configuration = await KnownAsync(cancellationToken);
        form["client_id"] = Options.ClientId;
        if (Options.ClientSecret is { Length: > 0 } secret)
            form["client_secret"] = secret;
        try
        {
            using var content = new FormUrlEncodedContent(form);
            using var answer = await clients.CreateClient(Client).PostAsync(new Uri(configuration.TokenEndpoint), content, cancellationToken);
            if ((int)answer.StatusCode is >= 400 and < 500 and not (408 or 429))
            {
                Log.TokensRefused(logger, form["grant_type"], await ReasonAsync(answer, cancellationToken));
                return null;
            }
            answer.EnsureSuccessStatusCode();
            var tokens = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
            Answered();
            return tokens;
        }
        catch (Exception failure) when (
            failure is HttpRequestException or JsonException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw Failed(failure);
        }
    }

    private HttpDocumentRetriever Documents() => new(clients.CreateClient(Client))
    {
        RequireHttps = Options.RequireHttpsMetadata ?? !environment.IsDevelopment(),
    };

    /// <summary>The error's code alone: its description may repeat what was sent.</summary>
    private static async Task<string> ReasonAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
            return body.RootElement.TryGetProperty("error", out var error) ? error.ToString() : $"{(int)answer.StatusCode}";
        }
        catch (JsonException)
        {
            return $"{(int)answer.StatusCode}";
        }
    }

    private void ThrowIfJustFailed()
    {
        if (_last is { Succeeded: false } last && clock.GetElapsedTime(last.At) < BetweenAttempts)
            throw new IssuerAwayException();
    }

    private void Answered()
    {
        if (_last is { Succeeded: false })
            Log.IssuerIsBack(logger, Options.Authority);
        _last = new(Succeeded: true, clock.GetTimestamp());
    }

    private IssuerAwayException Failed(Exception failure)
    {
        // Once for an absence, not once for each attempt.
        if (_last is not { Succeeded: false })
            Log.IssuerIsAway(logger, Options.Authority, failure.GetBaseException().Message);
        _last = new(Succeeded: false, clock.GetTimestamp());
        return new();
    }

    private sealed record Attempt(bool Succeeded, long At);
}

/// <summary>Nobody can sign in just now, and no token can be renewed.</summary>
internal sealed class IssuerAwayException() : Exception("The issuer does not answer.");
