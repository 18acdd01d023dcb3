using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace AetherLink.ServiceDefaults;

/// <summary>The service's schema in Postgres.</summary>
public static class ServiceDatabase
{
    /// <summary>The table in the service's schema that says which migrations it has.</summary>
    public const string HistoryTable = "migrations_history";

    /// <summary>
    /// Adds the context, an <see cref="IDbContextFactory{TContext}"/> and the <see cref="NpgsqlDataSource"/> (one pool of
    /// connections under all three), and applies the migrations in the background. <see cref="DatabaseReady"/> tells when.
    /// </summary>
    public static WebApplicationBuilder AddServiceDatabase<TContext>(
        this WebApplicationBuilder builder, string connectionName, string schema)
        where TContext : DbContext
    {
        var connectionString = builder.Configuration.GetConnectionString(connectionName) is { Length: > 0 } given
            ? given
            : throw new InvalidOperationException(
                $"ConnectionStrings:{connectionName} is missing: set ConnectionStrings__{connectionName}, as the AppHost does.");

        var services = builder.Services;
        services.AddSingleton(_ => NpgsqlDataSource.Create(WithoutJit(connectionString)));
        services.AddDbContextFactory<TContext>((provider, options) => options
            .UseNpgsql(
                provider.GetRequiredService<NpgsqlDataSource>(),
                npgsql => npgsql.MigrationsHistoryTable(HistoryTable, schema))
            // Migrations are written by hand, without a snapshot of the model to compare with.
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning)));
        // Its health check, metrics and traces; not its retries, which forbid transactions of one's own outside of a strategy.
        builder.EnrichNpgsqlDbContext<TContext>(settings => settings.DisableRetry = true);
        services.AddSingleton<DatabaseReady>();
        services.AddHealthChecks().AddCheck<DatabaseReady>("schema", HealthStatus.Unhealthy);
        services.AddSingleton<IHostedService>(provider =>
            ActivatorUtilities.CreateInstance<SchemaMigration<TContext>>(provider, schema));
        return builder;
    }

    // A service asks short questions: compiling one of them costs Postgres more (tens of milliseconds) than answering it.
    private static string WithoutJit(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        settings.Options = $"{settings.Options} -c jit=off".Trim();
        return settings.ConnectionString;
    }
}
