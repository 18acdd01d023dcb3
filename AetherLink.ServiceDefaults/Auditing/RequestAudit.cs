using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;

namespace AetherLink.ServiceDefaults;

/// <summary>One line and one count for each request, with the status that went out.</summary>
internal sealed class RequestAudit(
    RequestDelegate next, AuditStats stats, DenialNews denials, TimeProvider clock, IHostApplicationLifetime host, ILoggerFactory loggers)
{
    /// <summary>The category of the lines. Without a dot: not every shell passes on a variable that has one.</summary>
    public const string Category = "Requests";

    /// <summary>Of probes that find all well: they come every second or two from several sides, and who would rather not have them can say so.</summary>
    public const string ProbeCategory = "ProbeRequests";

    /// <summary>The user agent of the mesh's own probes.</summary>
    public const string ProbeAgent = "aetherlink-probe";

    private readonly ILogger _requests = loggers.CreateLogger(Category);
    private readonly ILogger _probes = loggers.CreateLogger(ProbeCategory);

    public async Task InvokeAsync(HttpContext context)
    {
        var started = clock.GetTimestamp();
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.Response.HasStarted && host.ApplicationStopping.IsCancellationRequested)
        {
            // A stream that ends with the host: as it should, and no fault of anybody.
        }
        finally
        {
            // The exception handler takes the endpoint off the context, and keeps it in its feature.
            var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
            var status = context.Response.StatusCode;
            var template = (endpoint as RouteEndpoint)?.RoutePattern.RawText;
            stats.Count(template, status);
            if (status is 401 or 403 && context.Features.Get<ForwardedAnswer>() is null)
                denials.Note(Denial.Of(context, template));
            Write(context, endpoint, status, clock.GetElapsedTime(started));
        }
    }

    private void Write(HttpContext context, Endpoint? endpoint, int status, TimeSpan duration)
    {
        var isProbe = endpoint?.Metadata.GetMetadata<ProbeEndpoint>() is not null || IsAskedByProbe(context.Request, endpoint);
        var logger = isProbe && status < 400 ? _probes : _requests;
        if (!logger.IsEnabled(LogLevel.Information))
            return;

        var caller = Caller.Of(context.User);
        Log.Request(
            logger, context.Request.Path, context.Request.Method, status, Math.Round(duration.TotalMilliseconds, 3),
            caller.Name, caller.Roles, caller.TenantId, context.Connection.RemoteIpAddress?.ToString());
    }

    /// <summary>Anybody can send a probe's user agent: it is believed only where there is nothing to hide.</summary>
    private static bool IsAskedByProbe(HttpRequest request, Endpoint? endpoint) =>
        request.Headers.UserAgent == ProbeAgent && HttpMethods.IsGet(request.Method)
        && endpoint?.Metadata.GetOrderedMetadata<IAuthorizeData>() is [{ Policy: Policies.Public }];
}

/// <summary>Marks an endpoint that probes ask.</summary>
internal sealed class ProbeEndpoint;
