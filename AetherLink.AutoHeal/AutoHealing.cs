using AetherLink.AutoHeal.Control;
using AetherLink.AutoHeal.Governing;
using AetherLink.AutoHeal.Healing;
using AetherLink.AutoHeal.History;
using AetherLink.AutoHeal.Maintenance;
using AetherLink.AutoHeal.Settings;
using AetherLink.AutoHeal.Storage;
using AetherLink.AutoHeal.Watching;
using AetherLink.AutoHeal.Watching.Containers;
using AetherLink.AutoHeal.Watching.Kubernetes;
using AetherLink.ServiceDefaults;

namespace AetherLink.AutoHeal;

/// <summary>The slices of the healer.</summary>
internal static class AutoHealing
{
    /// <summary>What it watches, with the rules that it heals by.</summary>
    public static WebApplicationBuilder AddWatching(this WebApplicationBuilder builder)
    {
        var self = builder.Configuration["OTEL_SERVICE_NAME"] is { Length: > 0 } name ? name : "auto-heal";
        var settings = SettingsReader.Read(builder.Configuration, builder.Environment, self);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton<WatchList>();
        builder.Services.AddSingleton<WatchReport>();
        builder.Services.AddMeshProbeClient().UseSocketsHttpHandler((handler, _) => Probe.SetUp(handler));
        builder.Services.AddSingleton<Probe>();
        builder.AddServiceControl();
        builder.AddCatalogue();
        builder.Services.AddSingleton<Rounds>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Rounds>());
        builder.Services.AddHostedService<ServiceWatch>();
        builder.Services.AddHostedService<RegistryWatch>();
        builder.Services.AddSingleton<EngineState>();
        builder.Services.AddSingleton<ContainerLives>();
        builder.Services.AddSingleton<Considering>();
        builder.Services.AddSingleton<Roll>();
        builder.Services.AddHostedService<EngineWatch>();
        return builder;
    }

    /// <summary>In a cluster its API server; elsewhere mesh control, where there is one.</summary>
    private static void AddServiceControl(this WebApplicationBuilder builder)
    {
        // Without resilience: a restart that takes long must not be sent again.
        builder.Services.AddMeshStreamClient(MeshControl.Name, MeshControl.Name, Scopes.MeshControl);
        if (KubernetesAccount.Find(builder.Configuration) is not { } account)
        {
            builder.Services.AddSingleton<IServiceControl, MeshControl>();
            return;
        }

        builder.Services.AddSingleton(account);
        builder.Services.AddHttpClient(KubernetesControl.Client).ConfigurePrimaryHttpMessageHandler(account.Handler).Bare();
        builder.Services.AddSingleton<IServiceControl, KubernetesControl>();
    }

    /// <summary>The Command Center: by discovery, or where COMMAND_CENTER_URL says.</summary>
    private static void AddCatalogue(this WebApplicationBuilder builder)
    {
        var client = builder.Services.AddMeshStreamClient(RegistryWatch.Client, RegistryWatch.CommandCenter, Scopes.MeshRead);
        if (builder.Configuration["COMMAND_CENTER_URL"] is { Length: > 0 } url)
            client.ConfigureHttpClient(http => http.BaseAddress = new Uri(url));
    }

    /// <summary>What it does, and tells.</summary>
    public static WebApplicationBuilder AddHealing(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(services => new RestartGovernor(services.GetRequiredService<HealSettings>().Limits));
        builder.Services.AddSingleton(services =>
        {
            var fleet = ActivatorUtilities.CreateInstance<Fleet>(services);
            // Before anything is looked at: what the journal knows counts from the first decision on.
            fleet.Remember(services.GetRequiredService<HealJournal>().All);
            return fleet;
        });
        builder.Services.AddSingleton<HealMeter>();
        builder.Services.AddSingleton<HealNews>();
        builder.Services.AddHostedService<BrakeNews>();
        builder.Services.AddSingleton<Witness>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Witness>());
        builder.Services.AddSingleton<Healer>();
        builder.Services.AddHostedService<Interruptions>();
        return builder;
    }

    /// <summary>What it remembers.</summary>
    public static WebApplicationBuilder AddHistory(this WebApplicationBuilder builder)
    {
        builder.AddServiceDatabase<HealContext>("aetherlink", HealContext.Schema);
        builder.Services.AddSingleton(services => HealClock.In(
            services.GetRequiredService<DataFolder>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<HealClock>>()));
        builder.Services.AddSingleton(services => Duty.In(
            services.GetRequiredService<DataFolder>(), services.GetRequiredService<IHostEnvironment>(), services.GetRequiredService<ILogger<Duty>>()));
        builder.Services.AddSingleton<HealStore>();
        builder.Services.AddSingleton<HealJournal>();
        builder.Services.AddSingleton<HealLedger>();
        builder.Services.AddSingleton<MaintenanceWindows>();
        builder.Services.AddHostedService<Storing>();
        builder.AddOperatorChanges();
        builder.Services.AddHostedService<ChangeTelling>();
        return builder;
    }

    public static WebApplication MapAutoHealing(this WebApplication app)
    {
        app.MapStatus();
        app.MapHistory();
        app.MapRestart();
        app.MapMaintenance();
        return app;
    }
}
