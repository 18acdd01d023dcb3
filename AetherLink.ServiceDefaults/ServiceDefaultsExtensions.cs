using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AetherLink.ServiceDefaults;

/// <summary>What every service of the mesh gets, in two calls.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>A stop is over before whoever asked for it (10 s) resorts to kill.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Adds the defaults.</summary>
    public static WebApplicationBuilder AddServiceDefaults(
        this WebApplicationBuilder builder, Action<ServiceDefaultsOptions>? configure = null)
    {
        var options = new ServiceDefaultsOptions();
        configure?.Invoke(options);
        var identity = ServiceIdentity.Of(builder.Configuration, builder.Environment, options.Name);

        var services = builder.Services;
        services.AddSingleton(options);
        services.AddSingleton(identity);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new DataFolder(
            builder.Configuration, identity, provider.GetRequiredService<ILogger<DataFolder>>()));
        services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        services.Configure<KestrelServerOptions>(Limits.Set);
        services.AddProxies(builder.Configuration);

        builder.AddJsonLines();
        builder.AddTelemetry();
        builder.AddIdentity(identity, options);
        services.AddProblemAnswers();
        services.AddSingleton<AuditStats>();
        services.AddDenialNews();
        services.AddRateLimits(builder.Configuration);
        services.AddHealth();
        services.AddClients();
        services.AddDocuments();
        builder.AddEvents();
        return builder;
    }

    /// <summary>Builds the pipeline, and maps what every service answers. Call it before the service maps its own.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var options = app.Services.GetRequiredService<ServiceDefaultsOptions>();

        app.UseProxies();
        app.UseMiddleware<RequestAudit>();
        app.UseSecurityHeaders();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseRouting();
        app.UseAuthentication();
        app.UseMiddleware<IgnoredHeaders>();
        app.UseClientAddress();
        app.UseRateLimits();
        app.UseAuthorization();

        if (options.MapPing)
            app.MapPing(options);
        if (options.MapHealth)
            app.MapReadiness();
        app.MapLiveness();
        app.MapMetrics();
        app.MapAuditStats(options.AuditStatsPolicy);
        app.MapEndpointTable();
        app.MapDocuments();
        return app;
    }
}
