using System.Text.Json;

namespace AetherLink.CommandCenter.AiUsage;

/// <summary>Reads an audit record; fields that are not known are passed over.</summary>
internal static class AiCallReader
{
    /// <summary>The call, or why it is none.</summary>
    public static (AiCall? Call, string? Reason) Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var call = JsonSerializer.Deserialize(json, AiUsageJson.Wire.AiCall);
            return call switch
            {
                null => (null, "It is null."),
                { CallId.Length: 0 or > 128 } => (null, "call_id must be 1 to 128 characters."),
                _ when Texts(call).Any(text => text?.Contains('\0', StringComparison.Ordinal) is true) => (null, "A text holds \\u0000."),
                _ => (call, null),
            };
        }
        catch (JsonException invalid)
        {
            return (null, invalid.Message);
        }
    }

    private static IEnumerable<string?> Texts(AiCall call) =>
        call.Attempts.SelectMany(attempt => (string?[])[attempt.Provider, attempt.Outcome, attempt.Error])
            .Concat([call.CallId, call.TenantId, call.Intent, call.Outcome, call.Provider, call.Model, call.TraceId]);
}
