using AetherLink.CommandCenter.Deliveries.Addresses;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Deliveries.Dispatching;

/// <summary>The one client of all deliveries, over one pool of connections.</summary>
internal static class SendingClient
{
    /// <summary>A name that moves is followed within this time.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    /// <summary>Shorter than an attempt, so that it is told apart from an answer that does not come.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Beyond it the connection is cheaper to close than to read empty.</summary>
    private const int MostDrained = 16 * 1024;

    private const int HeaderKilobytes = 32;

    public static void AddSendingClient(this IServiceCollection services) => services
        .AddHttpClient(Sending.Client, client =>
        {
            // The sender has its own clock for the whole of an attempt.
            client.Timeout = Timeout.InfiniteTimeSpan;
            client.DefaultRequestHeaders.UserAgent.ParseAdd("AetherLink/1.0");
        })
        // Neither retries, of which the queue knows nothing, nor the discovery of services, whose names are not for strangers.
        .ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Clear())
        // They write whole URLs.
        .RemoveAllLoggers()
        .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
        .ConfigurePrimaryHttpMessageHandler(provider => new SocketsHttpHandler
        {
            ConnectCallback = provider.GetRequiredService<CheckedConnecting>().ConnectAsync,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            AllowAutoRedirect = false,
            // A proxy would connect in place of the check.
            UseProxy = false,
            UseCookies = false,
            // Nor do traces write whole URLs, nor are the own trace ids for strangers.
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = HeaderKilobytes,
            MaxResponseDrainSize = MostDrained,
        }.WithoutMetrics());
}
