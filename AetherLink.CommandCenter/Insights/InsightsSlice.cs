using AetherLink.CommandCenter.Insights.Anomalies;
using AetherLink.CommandCenter.Insights.Anomalies.Feeding;
using AetherLink.CommandCenter.Insights.Anomalies.Judging;
using AetherLink.CommandCenter.Insights.Anomalies.Telling;
using AetherLink.CommandCenter.Insights.Causes;
using AetherLink.CommandCenter.Insights.Causes.Gathering;
using AetherLink.CommandCenter.Insights.Causes.Judging;
using AetherLink.CommandCenter.Insights.Causes.Watching;
using AetherLink.CommandCenter.Insights.Overview;
using AetherLink.CommandCenter.Insights.Replays;
using AetherLink.CommandCenter.Insights.Retaining;
using AetherLink.CommandCenter.Insights.Summing;
using AetherLink.CommandCenter.Insights.Tenants;
using AetherLink.CommandCenter.Insights.Timeline;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Insights;

/// <summary>What is unusual, what probably caused it, what is safe to do about it, and how the tenants fare.</summary>
internal static class InsightsSlice
{
    public static WebApplicationBuilder AddInsights(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, AnomaliesJson.Default));
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, TenantsJson.Default));
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, CausesJson.Default));
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ReplaysJson.Default));
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, OverviewJson.Default));
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, TimelineJson.Default));
        services.AddSingleton<AnomalyMetrics>();
        services.AddSingleton<AnomalyEvents>();
        services.AddSingleton<AnomalyReader>();
        services.AddSingleton<Triaging>();
        services.AddSingleton<TenantReader>();
        services.AddSingleton<MeshModel>();
        services.AddSingleton<SeriesReader>();
        services.AddSingleton<EvidenceReader>();
        services.AddSingleton<CauseFinder>();
        services.AddSingleton(provider => new LiveCauses(provider.GetRequiredService<CauseFinder>().FindAsync, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Verdicts>();
        services.AddSingleton<ReplayCandidates>();
        services.AddSingleton<SummaryReader>();
        services.AddSingleton<TrendsReader>();
        services.AddSingleton<StateReader>();
        services.AddHostedService<SeriesFollower>();
        services.AddHostedService<InsightsRetention>();
        services.AddHostedService<DaySumming>();
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
        app.MapOverview();
        app.MapState();
        var insights = app.MapGroup("/insights").WithTags("insights").RequireAuthorization(Policies.ViewOps).ProducesProblem(503);
        insights.MapReplays();
    }
}
