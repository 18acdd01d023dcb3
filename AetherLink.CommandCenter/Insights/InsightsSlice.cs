using AetherLink.CommandCenter.Insights.Anomalies;
using AetherLink.CommandCenter.Insights.Anomalies.Feeding;
using AetherLink.CommandCenter.Insights.Anomalies.Judging;
using AetherLink.CommandCenter.Insights.Anomalies.Retaining;
using AetherLink.CommandCenter.Insights.Anomalies.Telling;
using AetherLink.CommandCenter.Insights.Causes;
using AetherLink.CommandCenter.Insights.Causes.Gathering;
using AetherLink.CommandCenter.Insights.Causes.Judging;
using AetherLink.CommandCenter.Insights.Causes.Watching;
using AetherLink.CommandCenter.Insights.Tenants;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Insights;

/// <summary>What is unusual, what probably caused it, and how the tenants fare.</summary>
internal static class InsightsSlice
{
    public static WebApplicationBuilder AddInsights(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, AnomaliesJson.Default));
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, TenantsJson.Default));
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, CausesJson.Default));
        services.AddSingleton<AnomalyMetrics>();
        services.AddSingleton<AnomalyEvents>();
        services.AddSingleton<AnomalyReader>();
        services.AddSingleton<Triaging>();
        services.AddSingleton<TenantReader>();
        services.AddSingleton<MeshModel>();
        services.AddSingleton<SeriesReader>();
        services.AddSingleton<EvidenceReader>();
        services.AddSingleton<CauseFinder>();
        services.AddSingleton<Verdicts>();
        services.AddHostedService<SeriesFollower>();
        services.AddHostedService<AnomalyRetention>();
        services.AddHostedService<KafkaWatch>();
        return builder;
    }

    public static void MapInsights(this WebApplication app)
    {
        var anomalies = app.MapGroup("/anomalies").WithTags("insights").RequireAuthorization(Policies.ViewOps).ProducesProblem(503);
        anomalies.MapListing();
        anomalies.MapTriaging();
        app.MapCauses();
        app.MapTenants();
    }
}
