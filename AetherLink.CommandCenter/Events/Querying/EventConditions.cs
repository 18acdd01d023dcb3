using System.Globalization;
using System.Text;
using Npgsql;

namespace AetherLink.CommandCenter.Events.Querying;

/// <summary>A filter as SQL; values go by parameters only.</summary>
internal sealed class EventConditions(NpgsqlParameterCollection parameters)
{
    // The times again, as numbers of the feed: by them the scan begins and ends where it should.
    private const string SinceByNumber =
        "seq >= coalesce((select first_seq from command_center.feed_minutes where minute <= ? order by minute desc limit 1), 0)";

    private const string UntilByNumber =
        "seq < coalesce((select first_seq from command_center.feed_minutes where minute > ? order by minute limit 1), 9223372036854775807)";

    private readonly StringBuilder _sql = new();

    public override string ToString() => _sql.ToString();

    /// <summary>Adds a condition in which <c>?</c> stands for the value.</summary>
    public EventConditions And<T>(string condition, T value)
    {
        parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        var place = "$" + parameters.Count.ToString(CultureInfo.InvariantCulture);
        _sql.Append(_sql.Length == 0 ? "where " : " and ").Append(condition.Replace("?", place, StringComparison.Ordinal));
        return this;
    }

    public EventConditions AndAllOf(EventFilter filter) => this
        .AndIfAny("event_type = any (?)", filter.EventTypes.ToArray())
        .AndIfAny("event_type like any (?)", filter.TypePatterns.ToArray())
        // A single one by itself: only then does its index give the order, too.
        .AndIf("severity = ?", filter.Severities is [var single] ? (short?)single : null)
        .AndIfAny("severity = any (?)", filter.Severities is [_] ? [] : filter.Severities.Select(severity => (short)severity).ToArray())
        .AndIf("source = ?", filter.Source)
        .AndIf("tenant_id = ?", filter.TenantId)
        .AndIf("trace_id = ?", filter.TraceId)
        .AndIf("payload::text ilike ?", filter.Text is { } text ? $"%{Escaped(text)}%" : null)
        .AndIf("received_at >= ?", filter.Since?.UtcDateTime)
        .AndIf("received_at <= ?", filter.Until?.UtcDateTime)
        .AndIf(SinceByNumber, filter.Since?.UtcDateTime)
        .AndIf(UntilByNumber, filter.Until?.UtcDateTime)
        .AndIf("origin = ?", (short?)filter.Origin);

    public EventConditions AndIf(string condition, string? value) => value is null ? this : And(condition, value);

    public EventConditions AndIf<T>(string condition, T? value) where T : struct => value is null ? this : And(condition, value.Value);

    private EventConditions AndIfAny<T>(string condition, T[] values) => values.Length == 0 ? this : And(condition, values);

    private static string Escaped(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("%", "\\%", StringComparison.Ordinal)
        .Replace("_", "\\_", StringComparison.Ordinal);
}
