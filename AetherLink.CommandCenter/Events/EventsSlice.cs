using AetherLink.CommandCenter.Events.Announcing;
using AetherLink.CommandCenter.Events.Committing;
using AetherLink.CommandCenter.Events.Ingesting;
using AetherLink.CommandCenter.Events.Publishing;
using AetherLink.CommandCenter.Events.Querying;
using AetherLink.CommandCenter.Events.Relaying;
using AetherLink.CommandCenter.Events.Retaining;
using AetherLink.CommandCenter.Events.Schemas;
using AetherLink.CommandCenter.Events.Streaming;
using AetherLink.CommandCenter.Storage;

namespace AetherLink.CommandCenter.Events;

/// <summary>Publish, store, query, stream, retain.</summary>
internal static class EventsSlice
{
    public static WebApplicationBuilder AddEvents(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, EventsJson.Default));
        services.AddSingleton<EventMetrics>();
        services.AddSingleton<SharedTime>();
        services.AddHostedService<SharedTimeLoop>();

        services.AddSingleton<IEventWriter, EventWriter>();
        services.AddSingleton<BatchCommit>();
        services.AddSingleton<GroupCommit>();
        services.AddHostedService(provider => provider.GetRequiredService<GroupCommit>());
        services.AddSingleton<OwnDrafts>();
        services.AddSingleton<Telling>();
        services.AddSingleton<Announcer>();
        services.AddSingleton<ChangeLog>();
        services.AddHostedService<AnnouncingLoop>();
        services.AddSingleton<ReadingRoom>();

        services.AddSingleton<SchemaStore>();
        services.AddSingleton<SchemaRegistry>();
        services.AddHostedService<SchemaPolling>();

        services.AddSingleton<EventReader>();
        services.AddSingleton<IEventLog>(provider => provider.GetRequiredService<EventReader>());
        services.AddSingleton<Stretches>();
        services.AddSingleton<Walk>();
        services.AddSingleton<RecentEvents>();
        services.AddSingleton<StatsReader>();

        services.AddSingleton<CommitSignal>();
        services.AddSingleton<Moved>();
        services.AddSingleton<EventFeed>();
        services.AddHostedService<FeedLoop>();
        services.AddHostedService<CommitListener>();
        services.AddHostedService<MovedLoop>();
        services.AddHostedService<PulseLoop>();
        services.AddHostedService<HeartbeatLoop>();

        services.AddHostedService<KafkaIngest>();
        services.AddHostedService<Relay>();

        services.AddSingleton<Pruning>();
        services.AddSingleton<PruningNews>();
        services.AddHostedService<RetentionLoop>();
        return builder;
    }

    public static void MapEvents(this WebApplication app)
    {
        var events = app.MapGroup("/events").WithTags("events").ProducesProblem(503);
        events.MapPublishing();
        events.MapQuerying();
        events.MapSchemas();
        events.MapStreaming();
        events.MapRetaining();
    }
}
