using AetherLink.Tests.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AetherLink.Tests.CommandCenter.Alerts;

/// <summary>A class fixture: one Command Center on a database of its own. Each test has its own tenant in it.</summary>
public sealed class AlertsFixture : IAsyncLifetime
{
    private readonly PostgresDatabase _database = new();

    internal RunningCommandCenter Service { get; private set; } = null!;

    internal NpgsqlDataSource Source => Service.Services.GetRequiredService<NpgsqlDataSource>();

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        Service = await RunningCommandCenter.StartAsync(_database.ConnectionString);
        // The defaults clear the providers that were there before them.
        Service.Services.GetRequiredService<ILoggerFactory>().AddProvider(Service.Logs);
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await _database.DisposeAsync();
    }
}
