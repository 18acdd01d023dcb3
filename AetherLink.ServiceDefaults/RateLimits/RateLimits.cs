using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace AetherLink.ServiceDefaults;

/// <summary>
/// A bound for each caller (who is signed in by who it is, others by address), so that one cannot starve the others. Generous: it is there against
/// the runaway loop, and a single publisher is meant to reach thousands of requests a second.
/// </summary>
/// <remarks>
/// The framework's own middleware would do, but it makes a second limiter, for policies of single endpoints that nobody here has,
/// and disposes neither: their timers keep a host that was disposed in memory for as long as the process lives.
/// </remarks>
internal static class RateLimits
{
    private const int PermitsPerSecond = 20_000;
    private static readonly TimeSpan Replenishment = TimeSpan.FromMilliseconds(100);

    public static IServiceCollection AddRateLimits(this IServiceCollection services, IConfiguration configuration)
    {
        var perSecond = configuration.GetValue("RateLimits:PermitsPerSecond", PermitsPerSecond);
        var burst = configuration.GetValue("RateLimits:Burst", 2 * perSecond);
        if (perSecond < 1 || burst < 1)
            throw new InvalidOperationException("RateLimits:PermitsPerSecond and RateLimits:Burst are at least 1.");

        // A rate below ten a second is one permit in a longer period.
        var perPeriod = Math.Max(1, (int)(perSecond * Replenishment.TotalSeconds));
        var bucket = new TokenBucketRateLimiterOptions
        {
            TokenLimit = burst,
            TokensPerPeriod = perPeriod,
            ReplenishmentPeriod = TimeSpan.FromSeconds((double)perPeriod / perSecond),
            AutoReplenishment = false,
            QueueLimit = 0,
        };
        return services.AddSingleton(_ => PartitionedRateLimiter.Create<HttpContext, string>(
            context => RateLimitPartition.GetTokenBucketLimiter(Partition(context), _ => bucket), StringComparer.Ordinal));
    }

    public static void UseRateLimits(this WebApplication app)
    {
        var limiter = app.Services.GetRequiredService<PartitionedRateLimiter<HttpContext>>();
        app.Use(async (context, next) =>
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<DisableRateLimitingAttribute>() is not null)
            {
                await next(context);
                return;
            }
            using var lease = limiter.AttemptAcquire(context);
            if (lease.IsAcquired)
                await next(context);
            else
                await RejectAsync(context, lease);
        });
    }

    /// <summary>A person cannot be called as a service is, nor take another one's name: who is known by an issuer counts as that.</summary>
    private static string Partition(HttpContext context)
    {
        if (context.User.Identity is not { IsAuthenticated: true })
            return $"address {Network(context.Connection.RemoteIpAddress)}";
        var caller = Caller.Of(context.User);
        return caller switch
        {
            { IsService: true } => $"service {caller.Name}",
            { Subject: { } subject } => $"subject {subject}",
            _ => $"person {caller.Name}",
        };
    }

    /// <summary>An IPv6 host has the 2^64 addresses of its network (RFC 4291, section 2.5.4): together they are one caller.</summary>
    internal static string Network(IPAddress? address)
    {
        if (address is not { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false })
            return (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString() ?? "";
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return $"{new IPAddress(bytes)}/64";
    }

    private static async Task RejectAsync(HttpContext context, RateLimitLease lease)
    {
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
        var seconds = Problems.Seconds(wait);
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await Problems.Of(429, $"Too many requests from this caller: try again in {seconds} s.").ExecuteAsync(context);
    }
}
