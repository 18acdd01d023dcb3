using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AetherLink.AppHost.MeshControl;

/// <summary>
/// The endpoint through which Auto-Heal restarts project resources. It listens on a loopback port of its own, is started by
/// the first resource that is given its address, and ends with the application.
/// </summary>
internal sealed class MeshControlHost(IServiceProvider services, ParameterResource meshKey) : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1, 1);
    private WebApplication? _application;

    /// <summary>Of the running endpoint; null before its start.</summary>
    internal IServiceProvider? Running => _application?.Services;

    /// <summary>Starts it if it is not running.</summary>
    /// <returns>Its address.</returns>
    public async Task<string> StartAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            _application ??= await ListenAsync(cancellationToken);
            return _application.Urls.First();
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task<WebApplication> ListenAsync(CancellationToken cancellationToken)
    {
        var key = await meshKey.GetValueAsync(cancellationToken)
            ?? throw new DistributedApplicationException($"Parameter '{meshKey.Name}' has no value; mesh control needs the mesh key.");

        var application = Build(services, key);
        await application.StartAsync(cancellationToken);
        return application;
    }

    /// <summary>For the resources of the application whose services these are.</summary>
    internal static WebApplication Build(IServiceProvider services, string meshKey)
    {
        // The empty builder reads no configuration and no arguments: the AppHost's ASPNETCORE_URLS belongs to the dashboard.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Services.AddLogging(logging => logging.AddConsole().SetMinimumLevel(LogLevel.Warning));
        builder.Services.AddSingleton(services.GetRequiredService<ResourceCommandService>());
        builder.Services.AddSingleton(services.GetRequiredService<ResourceNotificationService>());
        builder.Services.AddSingleton(services.GetRequiredService<DistributedApplicationModel>());

        var application = builder.Build();
        application.MapMeshControl(MeshTokens.Validation(meshKey, "mesh-control"));
        return application;
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }

        _starting.Dispose();
    }
}
