using AetherLink.Tests.CommandCenter.Deliveries;
using Npgsql;

namespace AetherLink.Tests.CommandCenter;

/// <summary>The Command Center as a process of its own, so that it can be killed.</summary>
internal sealed class CommandCenterProcess : IDisposable
{
    private readonly ServiceProcess _process;

    private CommandCenterProcess(ServiceProcess process, string name) => (_process, Name) = (process, name);

    public Uri Address => _process.Address;

    /// <summary>Postgres knows its connections by it.</summary>
    public string Name { get; }

    /// <summary>Returns when it answers and its schema is there.</summary>
    /// <param name="connectionString">Its Postgres.</param>
    /// <param name="clock">What it takes for the machine's clock, where that is another.</param>
    public static async Task<CommandCenterProcess> StartAsync(string connectionString, SettableClock? clock = null)
    {
        var name = $"replica-{Guid.NewGuid():N}";
        var process = ServiceProcess.Start("AetherLink.CommandCenter", "command-center",
        [
            ("ConnectionStrings__aetherlink", new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = name }.ConnectionString),
            ("DELIVERIES_ALLOWED_NETWORKS", Receiver.Loopback),
            ("LOG_LEVEL", "Warning"),
            .. (clock?.Settings ?? []),
        ]);
        await process.ReadyAsync(TimeSpan.FromMinutes(3));
        return new(process, name);
    }

    public HttpClient Client(string roles = "operator", string? tenant = null)
    {
        var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.Add("X-User-Roles", roles);
        if (tenant is not null)
        {
            client.DefaultRequestHeaders.Add("X-Tenant-ID", tenant);
        }
        return client;
    }

    /// <summary>What its clock says.</summary>
    public async Task<DateTimeOffset> DateAsync()
    {
        using var client = Client();
        using var answer = await client.GetAsync("/alive");
        return answer.Headers.Date!.Value;
    }

    /// <summary>kill -9.</summary>
    public void Kill() => _process.Kill();

    public void Dispose() => _process.Dispose();
}
