using System.Text.Json;

namespace AetherLink.CommandCenter.AiUsage;

/// <summary>
/// Reads an audit record; fields that are not known are passed over. What the storage would refuse is no call: it would stop
/// all that come after it.
/// </summary>
internal static class AiCallReader
{
    /// <summary>Of one call, or dollars: an hour's sum of them stays within its column.</summary>
    private const long MostTokens = 1_000_000_000_000;

    /// <summary>The call, or why it is none.</summary>
    public static (AiCall? Call, string? Reason) Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var call = JsonSerializer.Deserialize(json, AiUsageJson.Wire.AiCall);
            return (call is null ? "It is null." : Misfit(call)) is { } reason ? (null, reason) : (call, null);
        }
        catch (JsonException invalid)
        {
            return (null, invalid.Message);
        }
        catch (InvalidOperationException)
        {
            return (null, "The caller is not valid Unicode.");
        }
    }

    private static string? Misfit(AiCall call) => call switch
    {
        { CallId.Length: 0 or > 128 } => "call_id must be 1 to 128 characters.",
        _ when call.Attempts.Any(attempt => attempt is null) => "An attempt is null.",
        _ when Texts(call).Any(text => text?.Contains('\0', StringComparison.Ordinal) is true) => "A text holds \\u0000.",
        _ when call.Attempts.Select(attempt => attempt.Usage).Append(call.Usage).Any(IsOutOfRange) => "usage is out of range.",
        _ when !Times(call).All(double.IsFinite) => "A time is out of range.",
        _ => null,
    };

    private static bool IsOutOfRange(AiTokens? usage) =>
        usage is { InputTokens: < 0 or > MostTokens } or { OutputTokens: < 0 or > MostTokens } or { CostUsd: < 0 or > MostTokens };

    private static IEnumerable<string?> Texts(AiCall call) =>
        call.Attempts.SelectMany(attempt => (string?[])[attempt.Provider, attempt.Outcome, attempt.Error, attempt.ErrorClass])
            .Concat([call.CallId, call.TenantId, call.Intent, call.Outcome, call.Provider, call.Model, call.CallerName, call.TraceId]);

    private static IEnumerable<double> Times(AiCall call) =>
        call.Attempts.Select(attempt => attempt.LatencyMs).Concat([call.LatencyMs, call.OverheadMs]);
}
