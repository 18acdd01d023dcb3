using System.Text.Json;
using System.Text.Json.Nodes;

namespace AetherLink.Tests.Fuzzing;

/// <summary>What must hold of every answer, whatever was asked.</summary>
internal sealed class Judge(IReadOnlyList<Operation> operations)
{
    /// <summary>Names that only code of ours, or of what it is built on, has: no caller has any use for them.</summary>
    private static readonly string[] Internals = ["System.", "Microsoft.", "Npgsql", "AetherLink.", "   at ", "Parameter '", "Object reference", "relation \""];

    /// <summary>A larger body may be answered, and its connection closed, before it was all sent; the answer is lost then. Bytes.</summary>
    private const int UnreadBody = 64 * 1024;

    /// <summary>What is wrong with the answer; null when nothing is.</summary>
    public string? Fault(FuzzRequest request, FuzzAnswer answer)
    {
        if (answer.Fault is { } fault)
        {
            // What is waited for in vain is a fault whatever was sent.
            return !fault.StartsWith("no answer", StringComparison.Ordinal) && (request.Malformed is not null || request.Body.Length > UnreadBody) ? null : fault;
        }

        // Refused by the server itself: nothing of the application's pipeline is on the answer.
        if (!answer.Headers.ContainsKey("X-Frame-Options"))
        {
            return request.Malformed is not null && answer.Status is 400 or 408 or 411 or 413 or 414 or 431 or 501 or 505
                ? null
                : $"{answer.Status} from outside of the pipeline";
        }

        return answer.Status switch
        {
            >= 500 => $"{answer.Status}: {answer.Body}",
            >= 400 => FaultOfProblem(request, answer) ?? Undocumented(request, answer.Status),
            >= 200 and < 300 when !IsAllowed(request, answer) => $"{answer.Status} for [{string.Join(',', request.Roles)}], who may not",
            >= 200 and < 300 when answer.ContentType == "application/json" && answer.Body.Length > 0 && !IsJson(answer.Body) => "the answer is not the JSON that it says it is",
            _ => Undocumented(request, answer.Status),
        };
    }

    /// <summary>Of what was asked by its own method and at its own path: whoever reads the document is to know what may come.</summary>
    private string? Undocumented(FuzzRequest request, int status)
    {
        var path = request.Target.Split('?')[0];
        if (request.Malformed is not null || request.Method != request.Operation.Method || !request.Operation.IsAt(path))
        {
            return null;
        }

        var meant = operations.Where(other => other.Service == request.Operation.Service && other.Method == request.Method && other.IsAt(path)).ToList();
        return meant.Exists(one => one.Statuses is null || one.Statuses.Contains(status)) ? null : $"{status} is not in the document";
    }

    private bool IsAllowed(FuzzRequest request, FuzzAnswer answer)
    {
        // A page of the application, which anybody may load: what it shows is asked for separately.
        if (request.Operation.Service == "web" && answer.ContentType is "text/html")
        {
            return true;
        }

        return operations.FirstOrDefault(other =>
                other.Service == request.Operation.Service && other.Path == request.Operation.Path && other.Method == (request.Method == "HEAD" ? "GET" : request.Method)) is { } meant
            && (meant.Roles is null || meant.Roles.Intersect(request.Roles).Any());
    }

    private static string? FaultOfProblem(FuzzRequest request, FuzzAnswer answer)
    {
        var lacking = answer.Status switch
        {
            401 => "WWW-Authenticate",
            405 => "Allow",
            429 => "Retry-After",
            _ => null,
        };
        if (lacking is not null && !answer.Headers.ContainsKey(lacking))
        {
            return $"{answer.Status} without {lacking}";
        }

        if (request.Method == "HEAD")
        {
            return null;
        }

        if (answer.ContentType != "application/problem+json")
        {
            return $"{answer.Status} as {(answer.ContentType is { Length: > 0 } type ? type : "nothing")}, and not as a problem: {answer.Body}";
        }

        if (!IsJson(answer.Body) || JsonNode.Parse(answer.Body) is not JsonObject problem)
        {
            return $"{answer.Status} with a problem that is no JSON object: {answer.Body}";
        }

        string? Text(string field) => problem[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
        return (int?)problem["status"] != answer.Status ? $"{answer.Status}, but status in the problem is {problem["status"]}"
            : string.IsNullOrWhiteSpace(Text("detail")) ? $"{answer.Status} without detail: {answer.Body}"
            : string.IsNullOrWhiteSpace(Text("trace_id")) ? $"{answer.Status} without trace_id: {answer.Body}"
            : Internals.FirstOrDefault(name => answer.Body.Contains(name, StringComparison.Ordinal)) is { } name ? $"{answer.Status} speaks of {name}: {answer.Body}"
            : null;
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var parsed = JsonDocument.Parse(text, new() { MaxDepth = 2_000_000 });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
