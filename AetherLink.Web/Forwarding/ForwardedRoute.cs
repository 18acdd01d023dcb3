using AetherLink.ServiceDefaults;

namespace AetherLink.Web.Forwarding;

/// <summary>One thing that a browser may ask of a service. What is not in the list does not exist here.</summary>
/// <param name="Service">The resource name.</param>
/// <param name="Method">The one method.</param>
/// <param name="Template">The path at the service, which is the path after <c>/api/{service}</c> here.</param>
/// <param name="Policy">Who may; the service asks again.</param>
/// <param name="BodyBytes">What a body may weigh; null for the default of 1 MB.</param>
internal sealed record ForwardedRoute(string Service, string Method, string Template, string Policy, long? BodyBytes = null)
{
    private const string CommandCenter = "command-center";
    private const string Orchestrator = "orchestrator";
    private const string AutoHeal = "auto-heal";

    /// <summary>An event is at most 64 kB, and its envelope with the JSON around it no more than this.</summary>
    private const long EventBytes = 128 * 1024;

    public static readonly string[] Services = [CommandCenter, Orchestrator, AutoHeal];

    public static readonly ForwardedRoute[] All =
    [
        Get(CommandCenter, "/ops/health", Policies.ViewOps),
        Get(CommandCenter, "/ops/services", Policies.ViewOps),
        Get(CommandCenter, "/ops/events/recent", Policies.ViewOps),
        Get(CommandCenter, "/ops/ai/usage", Policies.ViewOps),
        Get(CommandCenter, "/ops/ai/calls", Policies.ViewOps),
        Get(CommandCenter, "/ops/autoheal", Policies.ViewOps),
        Get(CommandCenter, "/ops/reconciliation", Policies.ViewOps),
        Get(CommandCenter, "/ops/state", Policies.ViewOps),
        Get(CommandCenter, "/insights/replay-recommendations", Policies.ViewOps),
        Get(CommandCenter, "/operator-insights/summary", Policies.ViewOps),
        Get(CommandCenter, "/operator-insights/trends", Policies.ViewOps),
        Get(CommandCenter, "/events/recent", Policies.ReadEvents),
        Get(CommandCenter, "/events/stats", Policies.ReadEvents),
        Get(CommandCenter, "/events/schema", Policies.ReadEvents),
        Get(CommandCenter, "/events/schema/{event_type}", Policies.ReadEvents),
        new(CommandCenter, HttpMethods.Post, "/events/publish", Policies.PublishEvents, EventBytes),
        Get(CommandCenter, "/alerts", Policies.ViewOps),
        Post(CommandCenter, "/alerts/{id}/ack", Policies.ViewOps),
        Get(CommandCenter, "/alerts/rules", Policies.ViewOps),
        Post(CommandCenter, "/alerts/rules", Policies.ViewOps),
        Post(CommandCenter, "/alerts/rules/preview", Policies.ViewOps),
        Get(CommandCenter, "/alerts/rules/{id}", Policies.ViewOps),
        Put(CommandCenter, "/alerts/rules/{id}", Policies.ViewOps),
        new(CommandCenter, HttpMethods.Patch, "/alerts/rules/{id}/enabled", Policies.ViewOps),
        Delete(CommandCenter, "/alerts/rules/{id}", Policies.ViewOps),
        Get(CommandCenter, "/alerts/templates", Policies.ViewOps),
        Get(CommandCenter, "/alerts/templates/{id}", Policies.ViewOps),
        Post(CommandCenter, "/alerts/templates", Policies.ViewOps),
        Put(CommandCenter, "/alerts/templates/{id}", Policies.ViewOps),
        Delete(CommandCenter, "/alerts/templates/{id}", Policies.ViewOps),
        Post(CommandCenter, "/alerts/templates/{id}/materialize", Policies.ViewOps),
        Get(CommandCenter, "/alerts/silences", Policies.ViewOps),
        Post(CommandCenter, "/alerts/silences", Policies.ViewOps),
        Get(CommandCenter, "/alerts/silences/{id}", Policies.ViewOps),
        Delete(CommandCenter, "/alerts/silences/{id}", Policies.ViewOps),
        Get(CommandCenter, "/alerts/deliveries/history", Policies.ViewOps),
        Get(CommandCenter, "/alerts/deliveries/stats", Policies.ViewOps),
        Get(CommandCenter, "/alerts/deliveries/{id}", Policies.ViewOps),
        Post(CommandCenter, "/alerts/deliveries/{id}/replay", Policies.ViewOps),
        Post(CommandCenter, "/alerts/deliveries/replay", Policies.ViewOps),
        Get(CommandCenter, "/alerts/deliveries/replays/{id}", Policies.ViewOps),
        Get(CommandCenter, "/alerts/webhooks", Policies.Configure),
        Post(CommandCenter, "/alerts/webhooks", Policies.Configure),
        Put(CommandCenter, "/alerts/webhooks/{id}", Policies.Configure),
        Delete(CommandCenter, "/alerts/webhooks/{id}", Policies.Configure),
        Post(CommandCenter, "/alerts/webhooks/{id}/test", Policies.Configure),
        Post(CommandCenter, "/alerts/webhooks/{id}/rotate-secret", Policies.Configure),
        Get(CommandCenter, "/autoheal/cooldowns", Policies.ViewOps),
        Post(CommandCenter, "/autoheal/clear_endpoint_cooldown", Policies.Configure),
        Get(CommandCenter, "/autoheal/rules", Policies.ViewOps),
        Get(CommandCenter, "/insights/causes", Policies.ViewOps),
        Post(CommandCenter, "/insights/causes/{id}/verdict", Policies.ViewOps),
        Post(CommandCenter, "/autoheal/rules", Policies.Configure),
        Put(CommandCenter, "/autoheal/rules/{id}", Policies.Configure),
        Delete(CommandCenter, "/autoheal/rules/{id}", Policies.Configure),
        Get(CommandCenter, "/anomalies/current", Policies.ViewOps),
        Get(CommandCenter, "/anomalies/history", Policies.ViewOps),
        Get(CommandCenter, "/anomalies/stats", Policies.ViewOps),
        Get(CommandCenter, "/anomalies/{id}", Policies.ViewOps),
        Post(CommandCenter, "/anomalies/{id}/triage", Policies.ViewOps),
        Get(CommandCenter, "/tenant_analytics/summary", Policies.ViewOps),
        Get(CommandCenter, "/audit/operator", Policies.ViewOps),
        Get(CommandCenter, "/audit/operator/stats", Policies.ViewOps),
        Get(CommandCenter, "/audit/operator/verify", Policies.ViewOps),
        Get(Orchestrator, "/providers/health", Policies.ReadAudit),
        Get(Orchestrator, "/usage", Policies.ViewOps),
        new(Orchestrator, HttpMethods.Post, "/orchestrate", Policies.RunAi),
        new(Orchestrator, HttpMethods.Post, "/orchestrate/stream", Policies.RunAi),
        Get(AutoHeal, "/autoheal/status", Policies.ViewOps),
        Get(AutoHeal, "/autoheal/history", Policies.ViewOps),
        Get(AutoHeal, "/autoheal/stats", Policies.ViewOps),
        Post(AutoHeal, "/autoheal/{target}/restart", Policies.Configure),
    ];

    public string Pattern => $"/api/{Service}{Template}";

    /// <summary>
    /// The path at the service, made from the template and never from the request's own text: a value stays one segment,
    /// however it was encoded.
    /// </summary>
    public string PathFor(RouteValueDictionary values) => string.Join('/', Template.Split('/').Select(segment =>
        segment.StartsWith('{') ? Uri.EscapeDataString(values[segment[1..^1]] as string ?? "") : segment));

    private static ForwardedRoute Get(string service, string template, string policy) => new(service, HttpMethods.Get, template, policy);

    private static ForwardedRoute Put(string service, string template, string policy) => new(service, HttpMethods.Put, template, policy);

    private static ForwardedRoute Delete(string service, string template, string policy) => new(service, HttpMethods.Delete, template, policy);

    private static ForwardedRoute Post(string service, string template, string policy) => new(service, HttpMethods.Post, template, policy);
}
