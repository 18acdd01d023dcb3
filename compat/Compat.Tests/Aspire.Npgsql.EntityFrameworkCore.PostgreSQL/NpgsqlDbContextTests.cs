using System.Collections.Concurrent;
using System.Diagnostics;
using AetherLink.Tests.Postgres;
using Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Npgsql.EntityFrameworkCore.PostgreSQL;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Compat.Tests.Postgres;

public sealed class NpgsqlDbContextTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task Context_stores_and_reads()
    {
        using var host = Host(builder => builder.AddNpgsqlDbContext<Notes>("db"));
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var notes = scope.ServiceProvider.GetRequiredService<Notes>();
            await notes.Database.EnsureCreatedAsync();
            notes.Add(new Note { Text = "kept" });
            await notes.SaveChangesAsync();
        }

        await using var later = host.Services.CreateAsyncScope();
        Assert.Equal("kept", (await later.ServiceProvider.GetRequiredService<Notes>().All.SingleAsync()).Text);
    }

    [Fact]
    public void Context_comes_from_a_pool_and_retries_with_the_time_limit_of_its_section()
    {
        using var host = Host(
            builder => builder.AddNpgsqlDbContext<Notes>("db"),
            new KeyValuePair<string, string?>("Aspire:Npgsql:EntityFrameworkCore:PostgreSQL:CommandTimeout", "7"),
            new KeyValuePair<string, string?>("Aspire:Npgsql:EntityFrameworkCore:PostgreSQL:Notes:CommandTimeout", "9"));

        Guid first;
        using (var scope = host.Services.CreateScope())
        {
            var notes = scope.ServiceProvider.GetRequiredService<Notes>();
            Assert.Equal(9, notes.Database.GetCommandTimeout());
            Assert.IsType<NpgsqlRetryingExecutionStrategy>(notes.Database.CreateExecutionStrategy());
            first = notes.ContextId.InstanceId;
        }

        using var second = host.Services.CreateScope();
        Assert.Equal(first, second.ServiceProvider.GetRequiredService<Notes>().ContextId.InstanceId);
    }

    [Fact]
    public void Context_does_not_retry_when_that_is_disabled_and_takes_options_of_its_own()
    {
        using var host = Host(builder => builder.AddNpgsqlDbContext<Notes>(
            "db", settings => settings.DisableRetry = true, options => options.EnableDetailedErrors().UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)));
        using var scope = host.Services.CreateScope();
        var notes = scope.ServiceProvider.GetRequiredService<Notes>();

        Assert.IsNotType<NpgsqlRetryingExecutionStrategy>(notes.Database.CreateExecutionStrategy());
        Assert.Equal(QueryTrackingBehavior.NoTracking, notes.ChangeTracker.QueryTrackingBehavior);
    }

    [Fact]
    public async Task Health_check_follows_the_database()
    {
        using var host = Host(builder => builder.AddNpgsqlDbContext<Notes>("db", settings => settings.DisableRetry = true));
        var health = host.Services.GetRequiredService<HealthCheckService>();

        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync()).Entries["Notes"].Status);
        await database.GoAwayAsync();
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync()).Entries["Notes"].Status);
        await database.ComeBackAsync();
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync()).Entries["Notes"].Status);
    }

    [Fact]
    public async Task Commands_are_traced_and_measured_unless_that_is_disabled()
    {
        Assert.Equal((true, true), await Observed(_ => { }));
        Assert.Equal((false, false), await Observed(settings => (settings.DisableTracing, settings.DisableMetrics) = (true, true)));

        async Task<(bool Spans, bool Metrics)> Observed(Action<NpgsqlEntityFrameworkCorePostgreSQLSettings> configure)
        {
            using Spans spans = new();
            List<Metric> metrics = [];
            using var host = Host(builder =>
            {
                builder.AddNpgsqlDbContext<Notes>("db", configure);
                builder.Services.AddOpenTelemetry()
                    .WithTracing(traces => traces.AddProcessor(spans))
                    .WithMetrics(meters => meters.AddReader(new BaseExportingMetricReader(new Metrics(metrics))));
            });
            await host.StartAsync();
            using var scope = host.Services.CreateScope();
            await scope.ServiceProvider.GetRequiredService<Notes>().Database.ExecuteSqlAsync($"select 1");
            host.Services.GetRequiredService<MeterProvider>().ForceFlush();
            await host.StopAsync();
            return (spans.Sources.Contains("Npgsql"), metrics.Any(metric => metric.MeterName == "Npgsql"));
        }
    }

    [Fact]
    public void Missing_connection_string_is_named_at_the_first_use_and_not_before()
    {
        using var host = Host(builder => builder.AddNpgsqlDbContext<Notes>("elsewhere"));
        using var scope = host.Services.CreateScope();

        var error = Assert.Throws<InvalidOperationException>(scope.ServiceProvider.GetRequiredService<Notes>);
        Assert.Contains("'ConnectionStrings:elsewhere'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Second_registration_is_refused_while_developing()
    {
        using var host = Host(builder =>
        {
            builder.Environment.EnvironmentName = Environments.Development;
            builder.AddNpgsqlDbContext<Notes>("db");
            Assert.Throws<InvalidOperationException>(() => builder.AddNpgsqlDbContext<Notes>("db"));
        });
    }

    [Fact]
    public void Enriching_gives_a_context_of_ones_own_the_same()
    {
        using var host = Host(builder =>
        {
            builder.Services.AddDbContext<Notes>(options => options.UseNpgsql(database.ConnectionString));
            builder.EnrichNpgsqlDbContext<Notes>(settings => settings.CommandTimeout = 11);
        });
        using var scope = host.Services.CreateScope();
        var notes = scope.ServiceProvider.GetRequiredService<Notes>();

        Assert.IsType<NpgsqlRetryingExecutionStrategy>(notes.Database.CreateExecutionStrategy());
        Assert.Equal(11, notes.Database.GetCommandTimeout());
    }

    [Fact]
    public void Enriching_is_refused_without_a_context()
    {
        using var host = Host(builder =>
            Assert.Contains("was not registered", Assert.Throws<InvalidOperationException>(() => builder.EnrichNpgsqlDbContext<Notes>()).Message, StringComparison.Ordinal));
    }

    private IHost Host(Action<HostApplicationBuilder> configure, params KeyValuePair<string, string?>[] configuration)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:db", database.ConnectionString), .. configuration]);
        builder.Services.AddLogging();
        configure(builder);
        return builder.Build();
    }

    private sealed class Spans : BaseProcessor<Activity>
    {
        public ConcurrentBag<string> Sources { get; } = [];

        public override void OnEnd(Activity data) => Sources.Add(data.Source.Name);
    }

    private sealed class Metrics(List<Metric> seen) : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch) seen.Add(metric);
            return ExportResult.Success;
        }
    }

    private sealed class Notes(DbContextOptions<Notes> options) : DbContext(options)
    {
        public DbSet<Note> All => Set<Note>();
    }

    private sealed class Note
    {
        public int Id { get; init; }

        public required string Text { get; init; }
    }
}
