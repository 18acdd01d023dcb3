using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;

namespace AetherLink.ServiceDefaults;

/// <summary>
/// Writes every problem as <c>application/problem+json</c> with its <c>trace_id</c>. The framework's own writer declines when
/// the caller's Accept header does not name JSON, and the problem would go out without.
/// </summary>
internal sealed class ProblemWriter : IProblemDetailsWriter
{
    public const string RetryAfter = "retry_after_seconds";
    public const string TraceId = "trace_id";

    public bool CanWrite(ProblemDetailsContext context) => true;

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        var problem = WithFields(context.ProblemDetails, http);
        var status = problem.Status ?? http.Response.StatusCode;
        problem.Status = http.Response.StatusCode = status;
        problem.Title ??= Problems.Title(status);
        problem.Detail ??= Detail(http, status);
        problem.Extensions.Remove("traceId");
        problem.Extensions[TraceId] = TraceOf(http);
        if (problem.Extensions.TryGetValue(RetryAfter, out var seconds))
            http.Response.Headers.RetryAfter = Convert.ToString(seconds, CultureInfo.InvariantCulture);
        http.Response.Headers.CacheControl = "no-store";
        SecurityHeaders.Put(http.Response.Headers);
        return new(http.Response.WriteAsJsonAsync(problem, Json.Wire, "application/problem+json", http.RequestAborted));
    }

    public static string TraceOf(HttpContext http) => Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;

    /// <summary>A bare 400 is one of a handler that could not read its parameters.</summary>
    private static ProblemDetails WithFields(ProblemDetails problem, HttpContext http) =>
        problem is { Detail: null } && (problem.Status ?? http.Response.StatusCode) == 400 && UnreadParameters.Of(http) is [_, ..] unread
            ? Problems.Validation(unread).ProblemDetails
            : problem;

    private static string Detail(HttpContext http, int status) => status switch
    {
        404 => $"There is nothing at {http.Request.Path}.",
        405 => $"{http.Request.Path} does not take {http.Request.Method}.",
        413 => "The body is larger than this endpoint takes.",
        415 => "The body's content type is not one that this endpoint takes.",
        _ => Problems.Title(status) + ".",
    };
}
