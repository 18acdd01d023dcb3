using System.Text.Json.Serialization;

namespace AetherLink.CommandCenter.Deliveries.Reading;

/// <summary>How far a delivery is. The numbers are stored.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeliveryStatus>))]
internal enum DeliveryStatus : short
{
    /// <summary>It was not attempted yet.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending = 0,
    [JsonStringEnumMemberName("success")]
    Success = 1,

    /// <summary>It failed, and is tried again.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed = 2,

    /// <summary>It was given up.</summary>
    [JsonStringEnumMemberName("dead_letter")]
    DeadLetter = 3,
}

internal static class DeliveryStatuses
{
    public const string Listed = "pending, failed, success or dead_letter";

    public static bool TryParse(string? text, out DeliveryStatus status)
    {
        (var known, status) = text switch
        {
            "pending" => (true, DeliveryStatus.Pending),
            "success" => (true, DeliveryStatus.Success),
            "failed" => (true, DeliveryStatus.Failed),
            "dead_letter" => (true, DeliveryStatus.DeadLetter),
            _ => (false, default),
        };
        return known;
    }
}
