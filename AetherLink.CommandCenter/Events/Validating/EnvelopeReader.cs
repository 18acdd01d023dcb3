using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using AetherLink.CommandCenter.Events.Schemas;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Events.Validating;

/// <summary>Reads one event, in the mesh's own envelope or as a CloudEvent, and names everything that is wrong with it.</summary>
internal static class EnvelopeReader
{
    private const string DefaultTenant = "default";

    // The names of the same things in the two envelopes; what only one has is null in the other.
    private sealed record Names(string Id, string Type, string Time, string Tenant, string Payload, string Severity, string Trace);

    private static readonly Names Own = new("event_id", "event_type", "timestamp", "tenant_id", "payload", "severity", "trace_id");
    private static readonly Names Cloud = new("id", "type", "time", "tenantid", "data", "severity", "traceparent");

    private static readonly JsonElement Nothing = JsonElement.Parse("{}"u8);

    /// <param name="json">One JSON object.</param>
    /// <param name="arrival">What is known of the event besides its body.</param>
    /// <param name="schemas">The event types that are known.</param>
    /// <param name="cloudEvent">Whether it is a CloudEvent 1.0 in structured JSON.</param>
    public static EnvelopeReading Read(ReadOnlyMemory<byte> json, Arrival arrival, SchemaSet schemas, bool cloudEvent = false)
    {
        if (json.Length > EventLimits.EventBytes)
        {
            return EnvelopeReading.TooLarge;
        }
        if (!Utf8.IsValid(json.Span))
        {
            return EnvelopeReading.Wrong(new FieldError("body", "is not valid UTF-8"));
        }
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind is JsonValueKind.Object
                ? Read(document.RootElement, arrival, schemas, cloudEvent)
                : EnvelopeReading.Wrong(new FieldError("body", "must be a JSON object"));
        }
        catch (JsonException invalid)
        {
            return EnvelopeReading.Wrong(new FieldError("body",
                $"is not valid JSON at line {invalid.LineNumber + 1}, byte {invalid.BytePositionInLine + 1}"));
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair in a name: it parses, and throws when it is compared with a name that is looked for.
            return EnvelopeReading.Wrong(new FieldError("body", "holds a name that is not valid Unicode"));
        }
    }

    private static EnvelopeReading Read(JsonElement root, Arrival arrival, SchemaSet schemas, bool cloudEvent)
    {
        var names = cloudEvent ? Cloud : Own;
        var fields = new FieldReader(root);
        var type = EventTypeOf(fields, names, arrival, schemas);
        var source = fields.Text("source", EventLimits.SourceLength, required: true);
        var id = fields.Text(names.Id, EventLimits.EventIdLength, required: cloudEvent);
        var tenant = fields.Text(names.Tenant, EventLimits.TenantLength);
        if (tenant is null && arrival.CallerTenant is { Length: > EventLimits.TenantLength })
        {
            fields.Refuse(names.Tenant, $"is the caller's, and is longer than {EventLimits.TenantLength} characters");
        }
        var severity = SeverityOf(fields, names);
        var time = fields.Time(names.Time, arrival.Now + EventLimits.Ahead);
        var trace = TraceOf(fields, names, cloudEvent);
        var payload = PayloadOf(fields, names, root, type is null ? null : schemas.CheckOf(type), cloudEvent);
        if (fields.Errors.Count > 0)
        {
            return EnvelopeReading.Wrong(fields.Errors) with { EventId = id, IsOfUnknownType = type is not null && !schemas.Knows(type) };
        }
        if (tenant is not null && arrival.CallerTenant is { } own && own != tenant)
        {
            return EnvelopeReading.ForeignTenant with { EventId = id };
        }

        var eventId = id ?? arrival.EventId ?? Guid.CreateVersion7(arrival.Now).ToString();
        return EnvelopeReading.Of(new EventDraft
        {
            EventId = eventId,
            // No field may hold a control character, so that the line end cannot be part of either.
            DedupeKey = cloudEvent ? $"{source}\n{eventId}" : eventId,
            EventType = type!,
            Source = source!,
            TenantId = tenant ?? arrival.CallerTenant ?? DefaultTenant,
            Severity = severity,
            Timestamp = time ?? arrival.Now,
            TraceId = trace ?? arrival.TraceId,
            Payload = payload!,
            BodyHash = Hash(type!, source!, severity, payload!),
            ClientIp = arrival.ClientIp,
            Publisher = arrival.Publisher,
            Origin = arrival.Origin,
        });
    }

    private static string? EventTypeOf(FieldReader fields, Names names, Arrival arrival, SchemaSet schemas)
    {
        var type = fields.Text(names.Type, EventLimits.SourceLength, required: true);
        if (type is not null && !schemas.Knows(type))
        {
            fields.Refuse(names.Type, $"Unknown event_type '{type}'");
        }
        else if (type is not null && !arrival.IsOwn && OwnTypes.Has(type))
        {
            fields.Refuse(names.Type, $"'{type}' is told by the Command Center alone");
        }
        return type;
    }

    private static Severity SeverityOf(FieldReader fields, Names names)
    {
        var severity = Severity.Info;
        if (fields.TryGet(names.Severity, required: false, out var value)
            && !(value.ValueKind is JsonValueKind.String && SeverityNames.TryParse(TextOrNull(value), out severity)))
        {
            fields.Refuse(names.Severity, $"must be {SeverityNames.Listed}");
        }
        return severity;
    }

    /// <summary>A CloudEvent carries the whole traceparent: version, trace id, parent id and flags.</summary>
    private static string? TraceOf(FieldReader fields, Names names, bool cloudEvent)
    {
        var text = fields.Text(names.Trace, EventLimits.SourceLength);
        if (text is null)
        {
            return null;
        }
        var id = cloudEvent ? text.Split('-').ElementAtOrDefault(1) : text;
        if (id is { Length: EventLimits.TraceIdLength } && id.All(char.IsAsciiHexDigit) && id.Any(digit => digit != '0'))
        {
            return id.ToLowerInvariant();
        }
        fields.Refuse(names.Trace, $"must be a W3C {(cloudEvent ? "traceparent" : "trace id of 32 hexadecimal digits")}");
        return null;
    }

    private static byte[]? PayloadOf(FieldReader fields, Names names, JsonElement root, PayloadCheck? check, bool cloudEvent)
    {
        if (cloudEvent)
        {
            CloudAttributes.Check(fields);
        }
        byte[]? payload = null;
        if (!fields.TryGet(names.Payload, required: !cloudEvent, out var value))
        {
            // A CloudEvent may be without data; whether its type may is for the schema to say.
            (value, payload) = (Nothing, cloudEvent ? "{}"u8.ToArray() : null);
        }
        else if (value.ValueKind is not JsonValueKind.Object)
        {
            fields.Refuse(names.Payload, "must be an object");
        }
        else if (JsonMarshal.GetRawUtf8Value(value) is var json && JsonbFitness.Misfit(json) is { } misfit)
        {
            fields.Refuse(names.Payload, misfit);
        }
        else
        {
            payload = json.ToArray();
        }
        if (payload is null)
        {
            return null;
        }
        foreach (var violation in check?.Violations(value, names.Payload) ?? [])
        {
            fields.Refuse(violation.Field, violation.Message);
        }
        return cloudEvent ? CloudAttributes.Keep(fields, root, value, payload) : payload;
    }

    private static string? TextOrNull(JsonElement value) => JsonMarshal.GetRawUtf8Value(value).Contains((byte)'\\') ? null : value.GetString();

    private static long Hash(string type, string source, Severity severity, byte[] payload)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{type}\n{source}\n{(short)severity}\n"));
        hash.AppendData(payload);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return BinaryPrimitives.ReadInt64LittleEndian(digest);
    }
}
