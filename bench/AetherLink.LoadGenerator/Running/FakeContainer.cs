using System.Text.Json.Nodes;

namespace AetherLink.LoadGenerator.Running;

/// <summary>A container of a <see cref="FakeEngine"/>, as that tells of it. What is set here is not told until it is asked for.</summary>
internal sealed class FakeContainer(string name, IReadOnlyList<(string Name, string Value)> labels)
{
    public string Name => name;

    public string Id { get; init; } = $"id-{name}";

    public string Status { get; set; } = "running";

    /// <summary>healthy, unhealthy, starting, or null where nothing checks it.</summary>
    public string? Health { get; set; } = "healthy";

    public int ExitCode { get; set; }

    /// <summary>What the engine answers when it is asked about this one alone, where that is not its state; 0: nothing, ever.</summary>
    public int? Answers { get; set; }

#pragma warning disable CA1507 // The engine's words, and no names of ours.
    public JsonObject Listed() => new()
    {
        ["Id"] = Id,
        ["Names"] = new JsonArray($"/{name}"),
        ["State"] = Status,
        ["Status"] = Status == "running" ? $"Up 5 minutes{(Health is null ? "" : $" ({Health})")}" : $"Exited ({ExitCode}) 5 minutes ago",
        ["Labels"] = Labels(),
    };

    public JsonObject Inspected() => new()
    {
        ["Id"] = Id,
        ["State"] = new JsonObject
        {
            ["Status"] = Status,
            ["Running"] = Status == "running",
            ["ExitCode"] = ExitCode,
            ["Health"] = Health is null ? null : new JsonObject { ["Status"] = Health },
        },
    };
#pragma warning restore CA1507

    public JsonObject Event(string action, IEnumerable<(string Name, string Value)> attributes, long nano)
    {
        var told = Labels();
        told["name"] = name;
        foreach (var (attribute, value) in attributes)
            told[attribute] = value;
        return new()
        {
            ["Type"] = "container",
            ["Action"] = action,
            ["Actor"] = new JsonObject { ["ID"] = Id, ["Attributes"] = told },
            ["time"] = nano / 1_000_000_000,
            ["timeNano"] = nano,
        };
    }

    private JsonObject Labels()
    {
        var all = new JsonObject { ["aetherlink.autoheal"] = "true" };
        foreach (var (label, value) in labels)
            all[label] = value;
        return all;
    }
}
