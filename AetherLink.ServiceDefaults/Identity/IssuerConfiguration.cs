using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace AetherLink.ServiceDefaults;

/// <summary>
/// What an issuer says of itself and its keys. Asked when the first token comes, again after half a day, and when a token names
/// a key that is not known: at most every so often, whatever tokens come. While the issuer is away its last word holds.
/// </summary>
internal sealed class IssuerConfiguration(
    string address, bool requireHttps, IHttpClientFactory clients, TimeProvider clock, ILogger<IssuerConfiguration> logger)
    : IConfigurationManager<OpenIdConnectConfiguration>, IDisposable
{
    public const string Client = "oidc-issuer";

    private static readonly TimeSpan MostAge = TimeSpan.FromHours(12);

    /// <summary>Tokens of made-up keys cost the issuer no more than this: two questions a minute.</summary>
    internal static readonly TimeSpan LeastInterval = TimeSpan.FromSeconds(30);

    /// <summary>An issuer that is away is not asked by every request; one that comes back is found within this.</summary>
    internal static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _one = new(1, 1);
    private OpenIdConnectConfiguration? _known;
    private long _askedAt;
    private long? _failedAt;
    private bool _isWanted;

    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        if (Fresh() is { } known)
            return known;
        await _one.WaitAsync(cancel);
        try
        {
            return Fresh() ?? await AskAsync(cancel);
        }
        finally
        {
            _one.Release();
        }
    }

    public void RequestRefresh()
    {
        if (clock.GetElapsedTime(Volatile.Read(ref _askedAt)) >= LeastInterval)
            Volatile.Write(ref _isWanted, true);
    }

    public void Dispose() => _one.Dispose();

    private OpenIdConnectConfiguration? Fresh() =>
        Volatile.Read(ref _known) is { } known && !Volatile.Read(ref _isWanted) && clock.GetElapsedTime(Volatile.Read(ref _askedAt)) < MostAge
            ? known
            : null;

    private async Task<OpenIdConnectConfiguration> AskAsync(CancellationToken cancel)
    {
        if (_failedAt is { } failed && clock.GetElapsedTime(failed) < AfterFailure)
            return _known ?? throw new IssuerAwayException();
        try
        {
            var answer = await OpenIdConnectConfigurationRetriever.GetAsync(
                address, new HttpDocumentRetriever(clients.CreateClient(Client)) { RequireHttps = requireHttps }, cancel);
            Volatile.Write(ref _askedAt, clock.GetTimestamp());
            Volatile.Write(ref _isWanted, false);
            Volatile.Write(ref _known, answer);
            if (_failedAt is not null)
                Log.IssuerIsBack(logger, address);
            _failedAt = null;
            return answer;
        }
#pragma warning disable CA1031 // No connection, no JSON, no keys: in each case the issuer has not answered.
        catch (Exception failure) when (!cancel.IsCancellationRequested)
#pragma warning restore CA1031
        {
            if (_failedAt is null)
                Log.IssuerIsAway(logger, address, failure.GetBaseException().Message);
            _failedAt = clock.GetTimestamp();
            return _known ?? throw new IssuerAwayException();
        }
    }
}

/// <summary>Nobody can tell whether a token is good: that is no fault of the token.</summary>
internal sealed class IssuerAwayException() : Exception("The issuer of the token does not answer.");
