using System.Net.Sockets;
using AetherLink.ServiceDefaults;
using AetherLink.Web.Sessions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace AetherLink.Web.Forwarding;

/// <summary>Carries a request to its service and the answer back, as streams, with the person's identity and nothing of the browser's own.</summary>
internal sealed class Forwarder(IHttpClientFactory clients, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<Forwarder> logger)
{
    /// <summary>The slowest thing behind the gateway is a chain of AI providers; beyond this nobody waits any more.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(100);

    /// <summary>A dead service of the mesh is back within about this long.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private static readonly string[] RequestHeaders =
        [HeaderNames.Accept, HeaderNames.AcceptLanguage, HeaderNames.IfNoneMatch, "Idempotency-Key"];

    private static readonly string[] ResponseHeaders =
    [
        HeaderNames.ContentType, HeaderNames.ContentLength, HeaderNames.CacheControl, HeaderNames.ETag, HeaderNames.LastModified,
        HeaderNames.RetryAfter, HeaderNames.Location, "X-Accel-Buffering",
    ];

    public async Task<IResult> ForwardAsync(HttpContext context, ForwardedRoute route)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        using var patience = new CancellationTokenSource(AnswerTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ended.Token, patience.Token);
        using var request = Outgoing(context, route);
        HttpResponseMessage response;
        try
        {
            response = await clients.CreateClient(Forwarding.ClientFor(route.Service))
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
        }
        catch (HttpRequestException exception) when (Within<BadHttpRequestException>(exception) is { } bad)
        {
            // What broke is the browser's body, not the way to the service.
            throw bad;
        }
        catch (HttpRequestException exception)
        {
            Log.UpstreamFailed(logger, route.Service, exception.HttpRequestError, exception.Message);
            return Within<SocketException>(exception) is not null
                ? Problems.Unavailable($"{route.Service} does not answer.", RetryAfter)
                : Answers.BadGateway($"{route.Service} broke the connection off before it answered.");
        }
        catch (OperationCanceledException) when (!ended.IsCancellationRequested)
        {
            return patience.IsCancellationRequested
                ? Answers.GatewayTimeout($"{route.Service} has not answered within {AnswerTimeout.TotalSeconds:0} s.")
                : Problems.Unavailable($"{route.Service} does not accept connections.", RetryAfter);
        }
        catch (OperationCanceledException)
        {
            return Results.Empty;
        }

        using (response)
            await ReturnAsync(context, route, response, ended.Token);
        return Results.Empty;
    }

    private static HttpRequestMessage Outgoing(HttpContext context, ForwardedRoute route)
    {
        var request = new HttpRequestMessage(
            new(route.Method), route.PathFor(context.Request.RouteValues) + context.Request.QueryString);
        foreach (var name in RequestHeaders)
            if (context.Request.Headers.TryGetValue(name, out var values))
                request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);

        NamePerson(request, context);
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
        {
            request.Content = new StreamContent(context.Request.Body);
            request.Content.Headers.ContentLength = context.Request.ContentLength;
            if (context.Request.ContentType is { } type)
                request.Content.Headers.TryAddWithoutValidation(HeaderNames.ContentType, type);
        }
        return request;
    }

    /// <summary>By the token that the issuer gave for them; where there is no issuer, by headers that the gateway vouches for.</summary>
    private static void NamePerson(HttpRequestMessage request, HttpContext context)
    {
        if (context.Features.Get<CurrentSession>()?.Person.Tokens is { } tokens)
        {
            request.Headers.Authorization = new("Bearer", tokens.AccessToken);
            return;
        }
        var person = Caller.Of(context.User);
        request.Headers.TryAddWithoutValidation(PersonToken.Roles, string.Join(',', person.Roles));
        request.Headers.TryAddWithoutValidation("X-User-Name", person.Name);
        if (person.TenantId is { } tenant)
            request.Headers.TryAddWithoutValidation("X-Tenant-ID", tenant);
    }

    private async Task ReturnAsync(HttpContext context, ForwardedRoute route, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        context.Features.Set(new ForwardedAnswer());
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var name in ResponseHeaders)
            if (response.Content.Headers.NonValidated.TryGetValues(name, out var values)
                || response.Headers.NonValidated.TryGetValues(name, out values))
                context.Response.Headers[name] = values.ToArray();
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            // Each piece is flushed as it comes: what the service streams arrives as a stream.
            await response.Content.CopyToAsync(context.Response.Body, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            // Half an answer must not look like a whole one.
            if (!context.RequestAborted.IsCancellationRequested)
                Log.AnswerCut(logger, route.Service, exception.Message);
            context.Abort();
        }
    }

    private static T? Within<T>(Exception? exception) where T : Exception
    {
        for (; exception is not null; exception = exception.InnerException)
            if (exception is T found)
                return found;
        return null;
    }
}
