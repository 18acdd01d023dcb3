using System.Text.Json;
using System.Text.Json.Serialization;

namespace AetherLink.CommandCenter.Mesh;

internal sealed record Healthz(string Status, string Service, string Version, double UptimeSeconds)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Reasons { get; init; }
}

internal sealed record Meta(
    string Service, string Version, string ApiVersion, IReadOnlyList<string> Features, IReadOnlyList<string> Endpoints);

internal sealed record OpsPing(string Status, string Service, string Version, string Instance);

internal sealed record ServiceList(string Status, int Count, string? NextCursor, IReadOnlyList<ServiceEntry> Services);

internal sealed record Registered(string Status, [property: JsonPropertyName("registered")] string Name, int ServiceCount);

internal sealed record Unregistered(string Status, string Deleted, int RemainingCount);

/// <summary>AutoHeal's own answers, brought together.</summary>
internal sealed record HealingOverview(string Status, int TotalInHistory, JsonElement History, JsonElement Stats);

/// <summary>The body of a registration.</summary>
internal sealed record Registration(
    string? Name, string? Url, string? HealthUrl, string? Version, IReadOnlyList<string>? RolesRequired, IReadOnlyList<string>? Tags);
