using AetherLink.CommandCenter.Alerts.Evaluating;
using AetherLink.CommandCenter.Alerts.Listing;
using AetherLink.CommandCenter.Alerts.Previewing;
using AetherLink.CommandCenter.Alerts.Retaining;
using AetherLink.CommandCenter.Alerts.Ruling;
using AetherLink.CommandCenter.Alerts.Silencing;
using AetherLink.CommandCenter.Alerts.Templating;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Alerts;

/// <summary>Rules, their evaluation, alerts, silences, templates.</summary>
internal static class AlertsSlice
{
    public static WebApplicationBuilder AddAlerts(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, AlertsJson.Default));
        services.AddSingleton<AlertMetrics>();
        services.AddSingleton<AlertEvents>();
        services.AddSingleton<RuleStore>();
        services.AddSingleton<AlertStore>();
        services.AddSingleton<SilenceStore>();
        services.AddSingleton<AlertState>();
        services.AddSingleton<AlertWriter>();
        services.AddHostedService<AlertFollower>();
        services.AddHostedService<AlertRetention>();
        return builder;
    }

    public static void MapAlerts(this WebApplication app)
    {
        var alerts = app.MapGroup("/alerts").WithTags("alerts").RequireAuthorization(Policies.ViewOps).ProducesProblem(503);
        alerts.MapListing();
        alerts.MapEvaluating();
        alerts.MapRules();
        alerts.MapPreviewing();
        alerts.MapSilencing();
        alerts.MapTemplating();
    }
}
