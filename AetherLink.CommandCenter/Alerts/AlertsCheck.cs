using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Querying;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Alerts;

/// <summary>Checks what this slice is asked, and names all that is wrong with it at once.</summary>
internal sealed class AlertsCheck
{
    private readonly QueryCheck _check = new();
    private readonly List<FieldError> _errors = [];

    public IReadOnlyList<FieldError> Errors => [.. _check.Errors, .. _errors];

    public int Limit(int? limit) => _check.Limit(limit);

    public long Before(string? cursor) => _check.Before(cursor);

    public int Range(string field, int value, int most) => _check.Range(field, value, most);

    public string? Text(string field, string? text) => _check.Text(field, text);

    public Severity[] Severities(string? severities) => _check.Severities(severities);

    /// <summary>The cursor of a list in the order of its ids.</summary>
    public Guid? BeforeId(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return null;
        }
        if (Guid.TryParseExact(cursor, "N", out var id))
        {
            return id;
        }
        _errors.Add(new("cursor", "is not one that was given out here"));
        return null;
    }

    public Guid? Id(string field, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }
        if (Guid.TryParse(text, out var id))
        {
            return id;
        }
        _errors.Add(new(field, "must be an id"));
        return null;
    }

    /// <summary>One of some words, or several with commas between them.</summary>
    public string[] Words(string field, string? text, IReadOnlyList<string> known)
    {
        var asked = text?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        if (asked.Any(word => !known.Contains(word)))
        {
            _errors.Add(new(field, $"must be of {string.Join(", ", known)}"));
        }
        return asked;
    }
}
