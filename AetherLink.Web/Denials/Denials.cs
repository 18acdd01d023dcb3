using System.Diagnostics.Metrics;
using AetherLink.ServiceDefaults;

namespace AetherLink.Web.Denials;

internal static class Denials
{
    /// <summary>The Command Center answers within milliseconds, or is away.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static void AddDenials(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddMeshStreamClient(DenialTelling.Client, "command-center", Scopes.EventsPublish)
            .ConfigureHttpClient(client => client.Timeout = Patience);
        services.AddSingleton<DroppedDenials>();
        services.AddSingleton<DenialTelling>();
        services.AddSingleton<IDenialSink>(provider => provider.GetRequiredService<DenialTelling>());
        services.AddHostedService(provider => provider.GetRequiredService<DenialTelling>());
    }
}

/// <summary>Counts denials that there was no room for.</summary>
internal sealed class DroppedDenials(IMeterFactory meters)
{
    private readonly Counter<long> _count = meters.Create("AetherLink.Web")
        .CreateCounter<long>("aetherlink_denials_dropped", description: "Denials that the Command Center was away for too long to be told of.");

    public void Add() => _count.Add(1);
}
