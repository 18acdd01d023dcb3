using System.Globalization;
using System.Text.Json;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Events.Validating;

/// <summary>Reads the fields of one JSON object and collects what is wrong, so that a caller hears of all of it at once.</summary>
internal sealed class FieldReader(JsonElement root)
{
    private readonly List<FieldError> _errors = [];

    public IReadOnlyList<FieldError> Errors => _errors;

    public void Refuse(string field, string message) => _errors.Add(new(field, message));

    public string? Text(string field, int longest, bool required = false)
    {
        if (!TryGet(field, required, out var value))
        {
            return null;
        }
        if (value.ValueKind is not JsonValueKind.String)
        {
            Refuse(field, "must be text");
            return null;
        }
        string text;
        try
        {
            text = value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            Refuse(field, "is not valid Unicode");
            return null;
        }
        if (text.Length == 0 || text.Length > longest || string.IsNullOrWhiteSpace(text))
        {
            Refuse(field, $"must be 1 to {longest} characters");
            return null;
        }
        if (text.Any(char.IsControl))
        {
            Refuse(field, "must not hold control characters");
            return null;
        }
        return text;
    }

    public DateTimeOffset? Time(string field, DateTimeOffset latest)
    {
        if (!TryGet(field, required: false, out var value))
        {
            return null;
        }
        // The element's own reader takes a time without an offset as local; the contract's times are UTC.
        if (value.ValueKind is not JsonValueKind.String
            || !value.TryGetDateTimeOffset(out _)
            || !DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            Refuse(field, "must be an ISO 8601 time, such as 2026-01-31T12:00:00Z");
            return null;
        }
        if (time > latest)
        {
            Refuse(field, "is more than a day ahead");
            return null;
        }
        return time;
    }

    public bool TryGet(string field, bool required, out JsonElement value)
    {
        if (root.TryGetProperty(field, out value) && value.ValueKind is not JsonValueKind.Null)
        {
            return true;
        }
        if (required)
        {
            Refuse(field, "is required");
        }
        return false;
    }
}
