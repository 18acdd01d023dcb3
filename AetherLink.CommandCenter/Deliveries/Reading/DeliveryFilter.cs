using System.Globalization;
using System.Text;
using AetherLink.CommandCenter.Deliveries.Scheduling;
using Npgsql;

namespace AetherLink.CommandCenter.Deliveries.Reading;

/// <summary>Which deliveries are asked for. An absent part matches everything.</summary>
internal sealed record DeliveryFilter
{
    public string? TenantId { get; init; }

    public DeliveryStatus? Status { get; init; }

    public TriageLabel? Triage { get; init; }

    public Guid? EndpointId { get; init; }

    public string? EventType { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    public DateTimeOffset? EndTime { get; init; }
}

/// <summary>A filter as SQL over <c>deliveries d</c>; values go by parameters only.</summary>
internal sealed class DeliveryConditions(NpgsqlParameterCollection parameters)
{
    private readonly StringBuilder _sql = new("true");

    public override string ToString() => _sql.ToString();

    /// <summary>Adds a condition in which <c>?</c> stands for the value.</summary>
    public DeliveryConditions And<T>(string condition, T value)
    {
        parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        var place = "$" + parameters.Count.ToString(CultureInfo.InvariantCulture);
        _sql.Append(" and ").Append(condition.Replace("?", place, StringComparison.Ordinal));
        return this;
    }

    public DeliveryConditions AndAllOf(DeliveryFilter filter)
    {
        If(filter.TenantId, "d.tenant_id = ?");
        if (filter.Status is { } status)
        {
            // Written out: with a number the planner sees that the indexes of what has not succeeded will do, whatever is kept of a plan.
            _sql.Append(CultureInfo.InvariantCulture, $" and d.status = {(short)status}");
        }
        If((short?)filter.Triage, "d.triage = ?");
        If(filter.EndpointId, "d.endpoint_id = ?");
        If(filter.EventType, "d.event_type = ?");
        // The times again, as bounds of the ids, whose order is that of the times: by them the scan begins and ends where it should.
        If(filter.StartTime?.UtcDateTime, "d.created_at >= ?");
        If(filter.EndTime?.UtcDateTime, "d.created_at <= ?");
        If(filter.StartTime is { } start ? TimedId.First(start) : (Guid?)null, "d.id >= ?");
        If(filter.EndTime is { } end && end.Year < 9999 ? TimedId.First(end.AddMilliseconds(1)) : (Guid?)null, "d.id < ?");
        return this;
    }

    private void If(string? value, string condition)
    {
        if (value is not null)
        {
            And(condition, value);
        }
    }

    private void If<T>(T? value, string condition)
        where T : struct
    {
        if (value is { } given)
        {
            And(condition, given);
        }
    }
}

/// <summary>Ids of version 7, which begin with their time.</summary>
internal static class TimedId
{
    /// <summary>No id of that time, or later, comes before it.</summary>
    public static Guid First(DateTimeOffset time)
    {
        var milliseconds = Math.Max(0, time.ToUnixTimeMilliseconds());
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        for (var index = 5; index >= 0; index--, milliseconds >>= 8)
        {
            bytes[index] = (byte)milliseconds;
        }
        return new(bytes, bigEndian: true);
    }
}
