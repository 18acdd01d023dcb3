using System.Buffers;
using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;

namespace AetherLink.ServiceDefaults;

/// <summary>
/// One JSON object a line, flat. A sample:
/// <code>
/// {"timestamp":"2026-01-02T03:04:05.678Z","level":"info","service":"web","category":"X","event_id":1000,"message":"","status":200}
/// </code>
/// </summary>
internal sealed class JsonLines(ServiceIdentity identity, TimeProvider clock)
{
    private static readonly JsonWriterOptions Relaxed =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    // Names come from message templates in code, so that there are only so many.
    private static readonly ConcurrentDictionary<string, JsonEncodedText> Names = new(StringComparer.Ordinal);

    private readonly JsonEncodedText _service = JsonEncodedText.Encode(identity.Resource, Relaxed.Encoder);

    public void Write<TState>(in LogEntry<TState> entry, IBufferWriter<byte> to)
    {
        using (var json = new Utf8JsonWriter(to, Relaxed))
        {
            json.WriteStartObject();
            WriteTime(json, clock.GetUtcNow());
            json.WriteString("level"u8, Level(entry.LogLevel));
            json.WriteString("service"u8, _service);
            json.WriteString("category"u8, entry.Category);
            json.WriteNumber("event_id"u8, entry.EventId.Id);
            json.WriteString("message"u8, entry.Formatter(entry.State, entry.Exception));
            if (entry.State is IReadOnlyList<KeyValuePair<string, object?>> values)
                WriteValues(json, values);
            if (Activity.Current is { } activity)
                json.WriteString("trace_id"u8, activity.TraceId.ToString());
            if (entry.Exception is { } exception)
                json.WriteString("exception"u8, exception.ToString());
            json.WriteEndObject();
        }
        to.Write("\n"u8);
    }

    private static void WriteTime(Utf8JsonWriter json, DateTimeOffset now)
    {
        Span<byte> text = stackalloc byte[32];
        now.TryFormat(text, out var length, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        json.WriteString("timestamp"u8, text[..length]);
    }

    private static void WriteValues(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            var (key, value) = values[i];
            if (key == "{OriginalFormat}")
                continue;
            json.WritePropertyName(Names.GetOrAdd(key, static key => Name(key)));
            WriteValue(json, value);
        }
    }

    private static JsonEncodedText Name(string key)
    {
        var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(key);
        return JsonEncodedText.Encode(IsTaken(name) ? name + "_" : name, Relaxed.Encoder);
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(text); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case int number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case double number when double.IsFinite(number): json.WriteNumberValue(number); break;
            case IEnumerable many:
                json.WriteStartArray();
                foreach (var item in many)
                    json.WriteStringValue(Convert.ToString(item, CultureInfo.InvariantCulture));
                json.WriteEndArray();
                break;
            default: json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }

    private static bool IsTaken(string name) =>
        name is "timestamp" or "level" or "service" or "category" or "event_id" or "message" or "trace_id" or "exception";

    private static ReadOnlySpan<byte> Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace"u8,
        LogLevel.Debug => "debug"u8,
        LogLevel.Information => "info"u8,
        LogLevel.Warning => "warning"u8,
        LogLevel.Error => "error"u8,
        _ => "critical"u8,
    };
}
