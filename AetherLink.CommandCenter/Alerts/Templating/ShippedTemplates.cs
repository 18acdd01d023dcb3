using AetherLink.CommandCenter.Events;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Alerts.Templating;

/// <summary>The five that ship.</summary>
internal static class ShippedTemplates
{
    private const int TenMinutes = 600;

    public static IReadOnlyList<Template> All { get; } =
    [
        Of("service-down", "Service down", "A service stopped answering its probe; an alert for each service.", new()
        {
            EventType = EventTypes.ServiceHealthFailed,
            GroupBy = "payload.name",
            WindowSeconds = 300,
            Threshold = 1,
            AlertSeverity = Severity.Critical,
        }),
        Of("delivery-failures", "Delivery failures", "Notifications do not reach their receivers.", new()
        {
            EventType = EventTypes.OpsAlertDeliveryFailed,
            WindowSeconds = TenMinutes,
            Threshold = 3,
            AlertSeverity = Severity.Error,
        }),
        Of("ai-fallbacks", "AI fallbacks", "The first AI provider keeps failing its callers, or all of them do; by intent.", new()
        {
            EventType = $"{EventTypes.AiFallbackUsed},{EventTypes.AiFallbackFailed}",
            GroupBy = "payload.intent",
            WindowSeconds = TenMinutes,
            Threshold = 5,
            AlertSeverity = Severity.Warning,
        }),
        Of("error-burst-by-source", "Error burst by source", "A source reports many errors in a short time; an alert for each source.", new()
        {
            Severity = "error,critical",
            GroupBy = "source",
            WindowSeconds = 300,
            Threshold = 10,
            AlertSeverity = Severity.Error,
        }),
        Of("heals-failing", "Heals failing", "Restarts do not make a service healthy again; an alert for each service.", new()
        {
            EventType = EventTypes.AutohealFailed,
            GroupBy = "payload.service",
            WindowSeconds = 3_600,
            Threshold = 2,
            AlertSeverity = Severity.Critical,
        }),
    ];

    /// <summary>Each with a place among the ids of the others: below all of them, the first of these on top.</summary>
    public static IEnumerable<(Guid Place, Template Template)> Placed =>
        All.Select((template, index) => (new Guid(0, 0, 0, [0, 0, 0, 0, 0, 0, 0, (byte)(All.Count - index)]), template));

    public static Template? Find(string id) => All.FirstOrDefault(template => template.TemplateId == id);

    private static Template Of(string id, string name, string description, RuleTemplate rule) =>
        new(id, name, description, Shipped: true, null, rule, null, null, null, null);
}
