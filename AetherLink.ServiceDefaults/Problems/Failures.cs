using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace AetherLink.ServiceDefaults;

/// <summary>
/// What an exception is to the caller. A bad request is the caller's: answered, and never logged as an error here.
/// </summary>
internal sealed partial class Failures(IProblemDetailsService problems, ILogger<Failures> logger) : IExceptionHandler
{
    /// <summary>Nginx's number for a caller that went away; nobody receives it, the request log shows it.</summary>
    private const int CallerLeft = 499;

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = CallerLeft;
            return true;
        }

        var problem = exception switch
        {
            BadHttpRequestException bad => Of(bad),
            JsonException json => Problems.Details(400, Place(json)),
            InvalidOperationException unknown when Charset().IsMatch(unknown.Message) =>
                Problems.Details(415, "The body's charset is not one that is known here: send UTF-8."),
            _ => Problems.Details(500, "Something went wrong here. The trace_id finds it in the log."),
        };
        if (problem.Status == 500)
            Log.RequestFailed(logger, exception, httpContext.Request.Method, httpContext.Request.Path);
        httpContext.Response.StatusCode = problem.Status!.Value;
        return await problems.TryWriteAsync(new() { HttpContext = httpContext, ProblemDetails = problem, Exception = exception });
    }

    private static ProblemDetails Of(BadHttpRequestException bad)
    {
        if (bad.InnerException is JsonException json)
            return Problems.Details(bad.StatusCode, Place(json));
        if (Unbound().Match(bad.Message) is { Success: true } unbound)
            return Field(UnreadParameters.NotValid(UnreadParameters.OnTheWire(unbound.Groups["name"].Value), unbound.Groups["value"].Value));
        if (Absent().Match(bad.Message) is { Success: true } absent)
            return Field(new(UnreadParameters.OnTheWire(absent.Groups["name"].Value), "is required"));
        return Problems.Details(bad.StatusCode, NoBody().IsMatch(bad.Message) ? "The body is missing." : bad.Message);
    }

    private static ProblemDetails Field(FieldError error) => Problems.Validation([error]).ProblemDetails;

    // The library's own message names types of ours; the place is what helps the caller.
    private static string Place(JsonException json)
    {
        var missing = Missing().Match(json.Message);
        if (missing.Success)
            return $"The body lacks {missing.Groups["names"].Value}.";
        var path = string.IsNullOrEmpty(json.Path) ? "$" : json.Path;
        return json.LineNumber is { } line && json.BytePositionInLine is { } position
            ? $"The body is not valid JSON for this endpoint at {path}, line {line + 1}, byte {position + 1}."
            : $"The body is not valid JSON for this endpoint at {path}.";
    }

    // Failed to bind parameter "Guid id" from "abc".
    [GeneratedRegex("""^Failed to bind parameter "\S+ (?<name>\w+)" from "(?<value>.*)"\.$""", RegexOptions.Singleline)]
    private static partial Regex Unbound();

    // Required parameter "int limit" was not provided from query string.
    [GeneratedRegex("""^Required parameter "\S+ (?<name>\w+)" was not provided from (?!body)""")]
    private static partial Regex Absent();

    // Implicit body inferred for parameter "note" but no body was provided. ...
    // Required parameter "Note note" was not provided from body.
    [GeneratedRegex("(but no body was provided|was not provided from body)")]
    private static partial Regex NoBody();

    // Unable to read the request as JSON because the request content type charset 'x' is not a known encoding.
    [GeneratedRegex("^Unable to read the request as JSON because the request content type charset ")]
    private static partial Regex Charset();

    // JSON deserialization for type 'X' was missing required properties including: 'name', 'url'.
    [GeneratedRegex("missing required properties including: (?<names>.+?)\\.? ?(Path: |$)")]
    private static partial Regex Missing();
}
