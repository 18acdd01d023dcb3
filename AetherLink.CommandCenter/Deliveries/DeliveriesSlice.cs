using AetherLink.CommandCenter.Deliveries.Addresses;
using AetherLink.CommandCenter.Deliveries.Dispatching;
using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.CommandCenter.Deliveries.Enqueuing;
using AetherLink.CommandCenter.Deliveries.Reading;
using AetherLink.CommandCenter.Deliveries.Replaying;
using AetherLink.CommandCenter.Deliveries.Retaining;
using AetherLink.CommandCenter.Deliveries.Signing;
using AetherLink.CommandCenter.Storage;
using AetherLink.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AetherLink.CommandCenter.Deliveries;

/// <summary>Webhook endpoints, the queue of what goes to them, and its history.</summary>
internal static class DeliveriesSlice
{
    /// <summary>Networks that are not of the Internet and may be sent to all the same.</summary>
    private const string AllowedNetworks = "DELIVERIES_ALLOWED_NETWORKS";

    public static WebApplicationBuilder AddDeliveries(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, DeliveriesJson.Default));
        services.AddOptions<DeliveryOptions>().BindConfiguration("Deliveries").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<DeliveryMetrics>();
        services.AddSingleton<DeliveryEvents>();

        services.AddSingleton(provider => Addresses(provider.GetRequiredService<IConfiguration>()));
        services.TryAddSingleton<IHostResolver, SystemResolver>();
        services.AddSingleton<CheckedConnecting>();
        services.AddSendingClient();

        services.AddSingleton(provider => Vault(provider.GetRequiredService<IConfiguration>()));
        services.AddHostedService<Sealing>();
        services.AddSingleton<EndpointStore>();
        services.AddSingleton<WebhookCheck>();
        services.AddSingleton(provider => AlertWebhooks.Read(
            provider.GetRequiredService<IConfiguration>()[AlertWebhooks.Variable], provider.GetRequiredService<AddressCheck>()));

        services.AddSingleton<DeliveryReader>();
        services.AddSingleton<DeliveryStatsReader>();
        services.AddSingleton<Replaying.Replaying>();
        services.AddSingleton<ReplayJobs>();
        services.AddHostedService<ReplayLoop>();
        services.AddSingleton<DeliveryPruning>();
        services.AddHostedService<DeliveryRetentionLoop>();

        services.AddSingleton<DispatchSignal>();
        services.AddSingleton<InFlight>();
        services.AddSingleton<Claiming>();
        services.AddSingleton<Sending>();
        services.AddSingleton<EndpointHealthRecord>();
        services.AddSingleton<AttemptRecord>();
        services.AddSingleton<Recording>();
        services.AddSingleton<Settling>();
        services.AddSingleton<Holding>();
        services.AddSingleton<Dispatcher>();

        // They stop in the opposite order: nothing is sent any more, then what was sent is recorded, then the leases are let go.
        services.AddHostedService(provider => provider.GetRequiredService<Holding>());
        services.AddHostedService(provider => provider.GetRequiredService<Recording>());
        services.AddHostedService(provider => provider.GetRequiredService<Dispatcher>());
        services.AddHostedService<ConfiguredWebhooks>();
        services.AddHostedService<DeliveryFollower>();
        return builder;
    }

    public static void MapDeliveries(this WebApplication app)
    {
        var alerts = app.MapGroup("/alerts").WithTags("deliveries").ProducesProblem(503);
        alerts.MapWebhooks();
        var deliveries = alerts.MapGroup("/deliveries").RequireAuthorization(Policies.ViewOps);
        deliveries.MapHistory();
        deliveries.MapReplaying();
    }

    private static SecretVault Vault(IConfiguration configuration) => new(MeshKeys.Current(configuration), MeshKeys.Previous(configuration));

    private static AddressCheck Addresses(IConfiguration configuration) =>
        AddressCheck.TryParseNetworks(configuration[AllowedNetworks], out var networks, out var wrong)
            ? new(networks)
            : throw new InvalidOperationException($"{AllowedNetworks}: '{wrong}' is not a network; write CIDRs with commas between them, such as 127.0.0.0/8,::1/128.");
}
