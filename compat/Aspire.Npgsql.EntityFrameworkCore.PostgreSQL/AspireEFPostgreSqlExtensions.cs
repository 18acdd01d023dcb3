using System.Diagnostics.CodeAnalysis;
using Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers PostgreSQL database contexts, with their retries, health check, metrics and traces.</summary>
public static class AspireEFPostgreSqlExtensions
{
    private const string Section = "Aspire:Npgsql:EntityFrameworkCore:PostgreSQL";

    // What EF Core constructs by reflection must survive trimming.
    private const DynamicallyAccessedMemberTypes RequiredByEF =
        DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.NonPublicConstructors | DynamicallyAccessedMemberTypes.PublicProperties;

    /// <summary>Registers a pooled context over the connection string of that name.</summary>
    /// <param name="builder">Whose configuration is read and whose services are added to.</param>
    /// <param name="connectionName">The name of the connection string, and of a section of settings.</param>
    /// <param name="configureSettings">Changes the settings after they are bound.</param>
    /// <param name="configureDbContextOptions">Changes the context's options after <c>UseNpgsql</c>.</param>
    public static void AddNpgsqlDbContext<[DynamicallyAccessedMembers(RequiredByEF)] TContext>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<NpgsqlEntityFrameworkCorePostgreSQLSettings>? configureSettings = null,
        Action<DbContextOptionsBuilder>? configureDbContextOptions = null) where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        // Two registrations would be merged silently; only while developing, as the real package does.
        if (builder.Environment.IsDevelopment() && IsRegistered<TContext>(builder))
            throw new InvalidOperationException($"DbContext<{typeof(TContext).Name}> is already registered: use EnrichNpgsqlDbContext<{typeof(TContext).Name}>() with a registration of your own.");

        var settings = Bind<TContext>(builder, connectionName);
        configureSettings?.Invoke(settings);

        builder.Services.AddDbContextPool<TContext>(options =>
        {
            // On first use and not at registration, so that an application without the connection string still starts and logs.
            if (string.IsNullOrWhiteSpace(settings.ConnectionString) && !EF.IsDesignTime)
                throw new InvalidOperationException($"ConnectionString is missing. It should be provided in 'ConnectionStrings:{connectionName}' or under the 'ConnectionString' key in '{Section}' or '{Section}:{typeof(TContext).Name}' configuration section.");
            options.UseNpgsql(settings.ConnectionString, npgsql => Configure(npgsql, settings));
            configureDbContextOptions?.Invoke(options);
        });
        Observe<TContext>(builder, settings);
    }

    /// <summary>Gives a context that the application registered itself the same retries, health check, metrics and traces.</summary>
    /// <param name="builder">Whose configuration is read and whose services are added to.</param>
    /// <param name="configureSettings">Changes the settings after they are bound.</param>
    public static void EnrichNpgsqlDbContext<[DynamicallyAccessedMembers(RequiredByEF)] TContext>(
        this IHostApplicationBuilder builder,
        Action<NpgsqlEntityFrameworkCorePostgreSQLSettings>? configureSettings = null) where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);

        var settings = Bind<TContext>(builder, connectionName: null);
        configureSettings?.Invoke(settings);
        if (!settings.DisableRetry || settings.CommandTimeout is not null)
        {
            if (!IsRegistered<TContext>(builder))
                throw new InvalidOperationException($"DbContext<{typeof(TContext).Name}> was not registered. Ensure you have registered the DbContext in DI before calling {nameof(EnrichNpgsqlDbContext)}.");
            builder.Services.ConfigureDbContext<TContext>(options => options.UseNpgsql(npgsql => Configure(npgsql, settings)));
        }

        Observe<TContext>(builder, settings);
    }

    private static void Configure(NpgsqlDbContextOptionsBuilder npgsql, NpgsqlEntityFrameworkCorePostgreSQLSettings settings)
    {
        if (!settings.DisableRetry) npgsql.EnableRetryOnFailure();
        if (settings.CommandTimeout is { } seconds) npgsql.CommandTimeout(seconds);
    }

    // The section for all, then the connection's, then the context's, then the connection string: the later wins.
    private static NpgsqlEntityFrameworkCorePostgreSQLSettings Bind<TContext>(IHostApplicationBuilder builder, string? connectionName)
    {
        NpgsqlEntityFrameworkCorePostgreSQLSettings settings = new();
        var all = builder.Configuration.GetSection(Section);
        all.Bind(settings);
        if (connectionName is not null) all.GetSection(connectionName).Bind(settings);
        all.GetSection(typeof(TContext).Name).Bind(settings);
        if (connectionName is not null && builder.Configuration.GetConnectionString(connectionName) is { } connectionString)
            settings.ConnectionString = connectionString;
        return settings;
    }

    private static void Observe<TContext>(IHostApplicationBuilder builder, NpgsqlEntityFrameworkCorePostgreSQLSettings settings) where TContext : DbContext
    {
        var name = typeof(TContext).Name;
        // Health checks of equal names would fail the application's start.
        if (!settings.DisableHealthChecks && builder.Properties.TryAdd($"Aspire.HealthChecks.{name}", true))
            builder.Services.AddHealthChecks().AddCheck<DbContextHealthCheck<TContext>>(name);
        if (!settings.DisableTracing) builder.Services.AddOpenTelemetry().WithTracing(traces => traces.AddSource("Npgsql"));
        if (!settings.DisableMetrics) builder.Services.AddOpenTelemetry().WithMetrics(meters => meters.AddMeter("Npgsql"));
    }

    private static bool IsRegistered<TContext>(IHostApplicationBuilder builder) where TContext : DbContext =>
        builder.Services.Any(service => service.ServiceType == typeof(DbContextOptions<TContext>));
}
