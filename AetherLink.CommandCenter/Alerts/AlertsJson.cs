using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using AetherLink.CommandCenter.Alerts.Listing;
using AetherLink.CommandCenter.Alerts.Previewing;
using AetherLink.CommandCenter.Alerts.Ruling;
using AetherLink.CommandCenter.Alerts.Silencing;
using AetherLink.CommandCenter.Alerts.Templating;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Alerts;

/// <summary>The slice's JSON, generated at build time.</summary>
[JsonSerializable(typeof(RuleBody))]
[JsonSerializable(typeof(PreviewBody))]
[JsonSerializable(typeof(EnabledBody))]
[JsonSerializable(typeof(RuleAnswer))]
[JsonSerializable(typeof(RulePage))]
[JsonSerializable(typeof(Deleted))]
[JsonSerializable(typeof(PreviewAnswer))]
[JsonSerializable(typeof(AlertPage))]
[JsonSerializable(typeof(AlertAnswer))]
[JsonSerializable(typeof(Evaluation))]
[JsonSerializable(typeof(SilenceBody))]
[JsonSerializable(typeof(SilenceAnswer))]
[JsonSerializable(typeof(SilencePage))]
[JsonSerializable(typeof(SilenceRecord))]
[JsonSerializable(typeof(TemplateBody))]
[JsonSerializable(typeof(Overrides))]
[JsonSerializable(typeof(TemplateAnswer))]
[JsonSerializable(typeof(TemplateList))]
[JsonSerializable(typeof(AlertPayload))]
[JsonSerializable(typeof(OverflowPayload))]
[JsonSerializable(typeof(SilencePayload))]
[JsonSerializable(typeof(IReadOnlyList<Matcher>))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class AlertsJson : JsonSerializerContext
{
    /// <summary>For what is written without the framework: payloads and columns.</summary>
    public static AlertsJson Wire { get; } = new(new JsonSerializerOptions(Json.Wire));
}
