using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace AetherLink.ServiceDefaults;

/// <summary>
/// What an issuer says of itself and its keys. Asked when the first token comes, again after half a day, and when a token names
/// a key that is not known: at most every so often, whatever tokens come. While the issuer is away, or slow, its last word holds.
/// </summary>
internal sealed class IssuerConfiguration(
    string address, bool requireHttps, IHttpClientFactory clients, TimeProvider clock, ILogger<IssuerConfiguration> logger)
    : IConfigurationManager<OpenIdConnectConfiguration>
{
    public const string Client = "oidc-issuer";

    private static readonly TimeSpan MostAge = TimeSpan.FromHours(12);

    /// <summary>Tokens of made-up keys cost the issuer no more than this: two questions a minute.</summary>
    internal static readonly TimeSpan LeastInterval = TimeSpan.FromSeconds(30);

    /// <summary>An issuer that is away is not asked by every request; one that comes back is found within this.</summary>
    internal static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();

    /// <summary>What the request that runs here has asked for, because its token names a key that is not known.</summary>
    private readonly AsyncLocal<Task?> _awaited = new();

    private volatile OpenIdConnectConfiguration? _known;
    private Task _asking = Task.CompletedTask;
    private long _askedAt;
    private long? _failedAt;

    /// <summary>What is known at once, however old it is: only a token that it has no key for waits for the issuer.</summary>
    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        if (_known is null)
            await Ask().WaitAsync(cancel);
        else if (_awaited.Value is { } asked)
            await asked.WaitAsync(cancel);
        else if (clock.GetElapsedTime(Volatile.Read(ref _askedAt)) >= MostAge)
            _ = Ask();
        return _known ?? throw new IssuerAwayException();
    }

    public void RequestRefresh()
    {
        lock (_gate)
            if (_asking.IsCompleted && clock.GetElapsedTime(_askedAt) < LeastInterval)
                return;
        _awaited.Value = Ask();
    }

    /// <summary>One question at a time, of which nobody who leaves takes the answer from the others. Ends whatever comes of it.</summary>
    private Task Ask()
    {
        lock (_gate)
        {
            if (_asking.IsCompleted && !(_failedAt is { } failed && clock.GetElapsedTime(failed) < AfterFailure))
                _asking = Task.Run(AskAsync);
            return _asking;
        }
    }

    private async Task AskAsync()
    {
        try
        {
            var answer = await OpenIdConnectConfigurationRetriever.GetAsync(
                address, new HttpDocumentRetriever(clients.CreateClient(Client)) { RequireHttps = requireHttps }, CancellationToken.None);
            lock (_gate)
            {
                _known = answer;
                Volatile.Write(ref _askedAt, clock.GetTimestamp());
                if (_failedAt is not null)
                    Log.IssuerIsBack(logger, address);
                _failedAt = null;
            }
        }
#pragma warning disable CA1031 // No connection, no JSON, no keys: in each case the issuer has not answered.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            lock (_gate)
            {
                if (_failedAt is null)
                    Log.IssuerIsAway(logger, address, failure.GetBaseException().Message);
                _failedAt = clock.GetTimestamp();
            }
        }
    }
}

/// <summary>Nobody can tell whether a token is good: that is no fault of the token.</summary>
internal sealed class IssuerAwayException() : Exception("The issuer of the token does not answer.");
