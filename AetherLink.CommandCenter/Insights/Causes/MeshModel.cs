using System.Text.Json;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Insights.Causes;

/// <summary>Who needs whom in the mesh, as the AppHost's references have it: <c>{"web":["command-center","orchestrator"]}</c>.</summary>
internal sealed class MeshModel
{
    public const string Variable = "MESH_DEPENDENCIES";

    private readonly IReadOnlyList<(string Dependent, string Dependency)> _references;

    /// <exception cref="InvalidOperationException">What the configuration says cannot be read.</exception>
    public MeshModel(IConfiguration configuration, ServiceIdentity identity)
    {
        Self = identity.Resource;
        // Without an AppHost the Command Center knows of its own needs only.
        _references = configuration[Variable] is { Length: > 0 } json ? Read(json) : [(Self, Nodes.Postgres), (Self, Nodes.Kafka)];
    }

    /// <summary>The Command Center's own name.</summary>
    public string Self { get; }

    /// <summary>The mesh with those parts outside of it that something was seen at.</summary>
    public DependencyGraph With(IEnumerable<Evidence> evidence) => new(
        _references.Concat(evidence.Select(one => Nodes.ReferenceTo(one.Node, Self)).OfType<(string, string)>()));

    private static List<(string, string)> Read(string json)
    {
        try
        {
            return [.. JsonSerializer.Deserialize(json, CausesJson.Default.DictionaryStringStringArray)!
                .SelectMany(service => service.Value.Select(need => (service.Key, need)))];
        }
        catch (JsonException wrong)
        {
            throw new InvalidOperationException($"{Variable} is to be a JSON object of lists of names: {wrong.Message}", wrong);
        }
    }
}
