using System.Text.Json;
using System.Text.Json.Serialization;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Mesh;

/// <summary>The slice's JSON, generated at build time.</summary>
[JsonSerializable(typeof(Healthz))]
[JsonSerializable(typeof(Meta))]
[JsonSerializable(typeof(OpsPing))]
[JsonSerializable(typeof(MeshHealth))]
[JsonSerializable(typeof(ServiceList))]
[JsonSerializable(typeof(Registration))]
[JsonSerializable(typeof(Registered))]
[JsonSerializable(typeof(Unregistered))]
[JsonSerializable(typeof(HealingOverview))]
[JsonSerializable(typeof(Reconciliation))]
internal sealed partial class MeshJson : JsonSerializerContext
{
    /// <summary>For what is written without the framework: the operator audit.</summary>
    public static MeshJson Wire { get; } = new(new JsonSerializerOptions(Json.Wire));
}
