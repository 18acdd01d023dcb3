using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace AetherLink.ServiceDefaults;

/// <summary>A field of a request, and what is wrong with it.</summary>
public sealed record FieldError(string Field, string Message);

/// <summary>The problem catalogue: RFC 9457, each with <c>trace_id</c>.</summary>
public static class Problems
{
    /// <summary>400; the detail names every field at once, and <c>errors</c> has them by field.</summary>
    public static ProblemHttpResult Validation(IEnumerable<FieldError> errors)
    {
        var all = errors.ToList();
        var problem = Details(400, string.Join("; ", all.Select(error => $"{error.Field}: {error.Message}")));
        problem.Extensions["errors"] = all
            .GroupBy(error => error.Field, error => error.Message, StringComparer.Ordinal)
            .ToDictionary(field => field.Key, field => field.ToArray(), StringComparer.Ordinal);
        return TypedResults.Problem(problem);
    }

    /// <summary>400.</summary>
    public static ProblemHttpResult BadRequest(string detail) => Of(400, detail);

    /// <summary>403; the detail says "Insufficient permissions".</summary>
    public static ProblemHttpResult Forbidden(string detail) =>
        Of(403, detail.StartsWith("Insufficient permissions", StringComparison.Ordinal)
            ? detail
            : $"Insufficient permissions: {detail}");

    /// <summary>404.</summary>
    public static ProblemHttpResult NotFound(string detail) => Of(404, detail);

    /// <summary>409.</summary>
    public static ProblemHttpResult Conflict(string detail) => Of(409, detail);

    /// <summary>413.</summary>
    public static ProblemHttpResult TooLarge(string detail) => Of(413, detail);

    /// <summary>429, with Retry-After.</summary>
    public static ProblemHttpResult TooMany(string detail, TimeSpan retryAfter) => Later(429, detail, retryAfter);

    /// <summary>503, with Retry-After.</summary>
    public static ProblemHttpResult Unavailable(string detail, TimeSpan retryAfter) => Later(503, detail, retryAfter);

    private static ProblemHttpResult Later(int status, string detail, TimeSpan retryAfter)
    {
        var problem = Details(status, detail);
        problem.Extensions[ProblemWriter.RetryAfter] = Seconds(retryAfter);
        return TypedResults.Problem(problem);
    }

    internal static ProblemHttpResult Of(int status, string detail) => TypedResults.Problem(Details(status, detail));

    /// <summary>Whole seconds, as Retry-After has them, and never zero: that would invite a hammering.</summary>
    internal static int Seconds(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalSeconds));

    internal static ProblemDetails Details(int status, string detail) =>
        new() { Status = status, Title = Title(status), Detail = detail };

    internal static string Title(int status) => ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } phrase
        ? phrase
        : status.ToString(CultureInfo.InvariantCulture);
}
