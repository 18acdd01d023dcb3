using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace AetherLink.ServiceDefaults;

/// <summary>
/// Forwarded headers count from the proxies that <c>FORWARDED_PROXIES</c> names (addresses and networks, with commas between
/// them), and from nobody else: what a caller writes into them himself must not become his address.
/// </summary>
internal static class Proxies
{
    private const string Key = "FORWARDED_PROXIES";

    public static void AddProxies(this IServiceCollection services, IConfiguration configuration)
    {
        var networks = Parse(configuration[Key]);
        // After the framework's own set-up, which trusts everybody where ASPNETCORE_FORWARDEDHEADERS_ENABLED is set, as it is
        // in what Aspire publishes.
        services.PostConfigure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = networks.Count > 0
                ? ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto
                : ForwardedHeaders.None;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var network in networks)
                options.KnownIPNetworks.Add(network);
            // From proxy to proxy, up to the first that is not known: that one is the caller.
            options.ForwardLimit = null;
        });
    }

    public static void UseProxies(this IApplicationBuilder app) => app.UseForwardedHeaders();

    private static List<IPNetwork> Parse(string? text) =>
        [.. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Network)];

    private static IPNetwork Network(string text)
    {
        if (IPNetwork.TryParse(text, out var network))
            return network;
        return IPAddress.TryParse(text, out var address)
            ? new(address, address.GetAddressBytes().Length * 8)
            : throw new InvalidOperationException($"{Key}: {text} is neither an address nor a network such as 10.0.0.0/8.");
    }
}
