using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace AetherLink.ServiceDefaults;

/// <summary>
/// A bound for each caller (by name, else by address), so that one cannot starve the others. Generous: it is there against
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

    private static string Partition(HttpContext context) => context.User.Identity is { IsAuthenticated: true }
        ? "name " + context.User.FindFirst(CallerClaims.Name)?.Value
        : "address " + context.Connection.RemoteIpAddress;

    private static async Task RejectAsync(HttpContext context, RateLimitLease lease)
    {
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
        var seconds = Problems.Seconds(wait);
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await Problems.Of(429, $"Too many requests from this caller: try again in {seconds} s.").ExecuteAsync(context);
    }
}
