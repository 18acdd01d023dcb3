using System.Globalization;
using System.Text.Json;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Validating;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Alerts;

/// <summary>Reads the fields of a body, and collects what is wrong with them.</summary>
internal sealed class BodyReader(JsonElement root)
{
    private readonly FieldReader _fields = new(root);

    public IReadOnlyList<FieldError> Errors => _fields.Errors;

    public void Refuse(string field, string message) => _fields.Refuse(field, message);

    public string? Text(string field, int longest, bool required = false) => _fields.Text(field, longest, required);

    public int? Whole(string field, int least, int most, bool required = false)
    {
        if (!_fields.TryGet(field, required, out var value))
        {
            return null;
        }
        if (value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most)
        {
            return number;
        }
        Refuse(field, $"must be a whole number from {least} to {most}");
        return null;
    }

    public bool? Flag(string field, bool required = false)
    {
        if (!_fields.TryGet(field, required, out var value))
        {
            return null;
        }
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }
        Refuse(field, "must be true or false");
        return null;
    }

    public Severity? OneSeverity(string field)
    {
        var text = Text(field, EventLimits.SourceLength);
        if (text is null)
        {
            return null;
        }
        if (SeverityNames.TryParse(text, out var severity))
        {
            return severity;
        }
        Refuse(field, $"must be {SeverityNames.Listed}");
        return null;
    }

    /// <summary>One name, or several with commas between them, each of which is known; in one form.</summary>
    public string? Names(string field, Func<string, bool> isKnown, Func<string, string> complaint)
    {
        var text = Text(field, 1_000);
        if (text is null)
        {
            return null;
        }
        var names = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().ToList();
        if (names.Count == 0)
        {
            Refuse(field, "names nothing");
        }
        foreach (var unknown in names.Where(name => !isKnown(name)))
        {
            Refuse(field, complaint(unknown));
        }
        return string.Join(',', names);
    }

    /// <summary>A time without an offset is one in UTC.</summary>
    public DateTimeOffset? Time(string field)
    {
        var text = Text(field, 64);
        if (text is null)
        {
            return null;
        }
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            return time;
        }
        Refuse(field, "must be an ISO 8601 time, such as 2026-01-31T12:00:00Z");
        return null;
    }

    public JsonElement? List(string field, int least, int most)
    {
        if (!_fields.TryGet(field, required: least > 0, out var value))
        {
            return null;
        }
        if (value.ValueKind is JsonValueKind.Array && value.GetArrayLength() >= least && value.GetArrayLength() <= most)
        {
            return value;
        }
        Refuse(field, $"must be a list of {least} to {most}");
        return null;
    }
}
