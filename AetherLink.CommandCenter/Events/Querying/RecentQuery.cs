using AetherLink.CommandCenter.Events.Schemas;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Mvc;

namespace AetherLink.CommandCenter.Events.Querying;

/// <summary>What /events/recent may be asked.</summary>
internal sealed record RecentQuery
{
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    [FromQuery(Name = "event_type")]
    public string? EventType { get; init; }

    [FromQuery(Name = "severity")]
    public string? Severity { get; init; }

    [FromQuery(Name = "source")]
    public string? Source { get; init; }

    [FromQuery(Name = "tenant_id")]
    public string? TenantId { get; init; }

    [FromQuery(Name = "trace_id")]
    public string? TraceId { get; init; }

    [FromQuery(Name = "text")]
    public string? Text { get; init; }

    [FromQuery(Name = "since")]
    public DateTimeOffset? Since { get; init; }

    [FromQuery(Name = "until")]
    public DateTimeOffset? Until { get; init; }
}

/// <summary>Checks what was asked, and names all that is wrong with it at once.</summary>
internal sealed class QueryCheck
{
    private readonly List<FieldError> _errors = [];

    public IReadOnlyList<FieldError> Errors => _errors;

    public int Limit(int? limit)
    {
        if (limit is < 1 or > EventLimits.LargestPage)
        {
            _errors.Add(new("limit", $"must be 1 to {EventLimits.LargestPage}"));
        }
        return limit ?? EventLimits.DefaultPage;
    }

    public long Before(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return long.MaxValue;
        }
        if (!Querying.Cursor.TryParse(cursor, out var parsed))
        {
            _errors.Add(new("cursor", "is not one that was given out here"));
        }
        return parsed.Sequence;
    }

    /// <summary>Of a list that is short, and whole for whoever does not ask for less.</summary>
    public int LimitOfNames(int? limit) => Range("limit", limit ?? EventLimits.MostNames, EventLimits.MostNames);

    /// <summary>For a list in the order of names: the last one of the page before.</summary>
    public string After(string? cursor)
    {
        if (!NameCursor.TryParse(cursor, out var after))
        {
            _errors.Add(new("cursor", "is not one that was given out here"));
        }
        return after;
    }

    public int Range(string field, int value, int most)
    {
        if (value < 1 || value > most)
        {
            _errors.Add(new(field, $"must be 1 to {most}"));
        }
        return value;
    }

    /// <summary>One type, or several with commas between them.</summary>
    public string[] EventTypes(string? types, SchemaSet known)
    {
        var asked = Split(types);
        foreach (var unknown in asked.Where(type => !known.Knows(type)))
        {
            _errors.Add(new("event_type", $"Unknown event_type '{unknown}'"));
        }
        return asked;
    }

    public Severity[] Severities(string? severities)
    {
        var known = new List<Severity>();
        foreach (var name in Split(severities))
        {
            if (SeverityNames.TryParse(name, out var severity))
            {
                known.Add(severity);
            }
            else
            {
                _errors.Add(new("severity", $"must be {SeverityNames.Listed}"));
            }
        }
        return [.. known];
    }

    public string? Text(string field, string? text)
    {
        if (text is not null && (text.Length > EventLimits.SourceLength || text.Any(char.IsControl)))
        {
            _errors.Add(new(field, $"must be at most {EventLimits.SourceLength} characters, without control characters"));
        }
        return string.IsNullOrEmpty(text) ? null : text;
    }

    /// <summary>One of a few words, or nothing.</summary>
    public string? OneOf(string field, string? text, IEnumerable<string> words)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }
        if (!words.Contains(text, StringComparer.Ordinal))
        {
            _errors.Add(new(field, $"must be one of {string.Join(", ", words)}"));
        }
        return text;
    }

    private static string[] Split(string? list) =>
        list?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
