using System.Diagnostics;
using AetherLink.CommandCenter.Storage;
using AetherLink.Tests.CommandCenter.Deliveries;
using AetherLink.Tests.ServiceDefaults;
using Npgsql;

namespace AetherLink.Tests.CommandCenter;

/// <summary>The Command Center as a process of its own, so that it can be killed.</summary>
internal sealed class CommandCenterProcess : IDisposable
{
    private readonly Process _process;

    private CommandCenterProcess(Process process, Uri address, string name) => (_process, Address, Name) = (process, address, name);

    public Uri Address { get; }

    /// <summary>Postgres knows its connections by it.</summary>
    public string Name { get; }

    /// <summary>Returns when it answers and its schema is there.</summary>
    /// <param name="connectionString">Its Postgres.</param>
    /// <param name="clock">What it takes for the machine's clock, where that is another.</param>
    public static async Task<CommandCenterProcess> StartAsync(string connectionString, SettableClock? clock = null)
    {
        var name = $"replica-{Guid.NewGuid():N}";
        var address = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        var start = new ProcessStartInfo("dotnet", [typeof(CommandCenterDb).Assembly.Location.Replace("AetherLink.Tests", "AetherLink.CommandCenter", StringComparison.Ordinal)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["OTEL_SERVICE_NAME"] = "command-center";
        start.Environment["MESH_KEY"] = ToyApp.MeshKey;
        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        start.Environment["ConnectionStrings__aetherlink"] = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = name }.ConnectionString;
        start.Environment["DELIVERIES_ALLOWED_NETWORKS"] = Receiver.Loopback;
        start.Environment["LOG_LEVEL"] = "Warning";
        clock?.GiveTo(start);
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var center = new CommandCenterProcess(process, address, name);
        using var client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(1) };
        try
        {
            await Eventually.True(() => IsReadyAsync(client), Soak.Time(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(3)), "the Command Center is ready");
        }
        catch (TimeoutException)
        {
            center.Dispose();
            throw;
        }
        return center;
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
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }
        _process.Dispose();
    }

    private static async Task<bool> IsReadyAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync("/health");
            return answer.IsSuccessStatusCode;
        }
        catch (Exception notYet) when (notYet is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
