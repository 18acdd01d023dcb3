using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Diagnostics;
using Npgsql;

namespace AetherLink.CommandCenter.Storage;

/// <summary>An absent Postgres is not a fault of this service: 503, with the advice to come back.</summary>
internal sealed class StorageAway(DatabaseReady database) : IExceptionHandler
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested || !IsAway(exception))
        {
            return false;
        }
        await Problems.Unavailable("The storage does not answer.", RetryAfter).ExecuteAsync(httpContext);
        return true;
    }

    /// <summary>EF wraps what it takes for transient.</summary>
    private bool IsAway(Exception? exception) => exception switch
    {
        PostgresException { SqlState: [_, _, ..] state } => !database.IsReady || state[..2] is "08" or "53" or "55" or "57",
        NpgsqlException => true,
        InvalidOperationException { InnerException: { } inner } => IsAway(inner),
        _ => false,
    };
}
