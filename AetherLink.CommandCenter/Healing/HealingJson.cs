using System.Text.Json;
using System.Text.Json.Serialization;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Healing;

/// <summary>The slice's JSON, generated at build time.</summary>
[JsonSerializable(typeof(HealingRuleBody))]
[JsonSerializable(typeof(HealingRules))]
[JsonSerializable(typeof(HealingRuleSaved))]
[JsonSerializable(typeof(HealingRuleRemoved))]
[JsonSerializable(typeof(CooldownList))]
[JsonSerializable(typeof(ClearCooldownBody))]
[JsonSerializable(typeof(CooldownCleared))]
internal sealed partial class HealingJson : JsonSerializerContext
{
    /// <summary>For what is written without the framework: the operator audit.</summary>
    public static HealingJson Wire { get; } = new(new JsonSerializerOptions(Json.Wire));
}
