using AetherLink.CommandCenter.Storage;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AetherLink.CommandCenter.Mesh;

/// <summary>Every service that is known: those of the mesh, and those that hold a lease.</summary>
internal sealed class Catalogue(
    IConfiguration configuration, IServer server, IDbContextFactory<CommandCenterDb> contexts, ServiceIdentity identity,
    IOptions<MeshOptions> options)
{
    private IReadOnlyList<ServiceEntry>? _mesh;
    private IReadOnlyList<ServiceEntry> _registered = [];

    public string Self => identity.Resource;

    public IReadOnlyList<ServiceEntry> Mesh => _mesh ??= Discovery.Read(configuration, identity.Resource, OwnUrl());

    public bool IsOfTheMesh(string name) => Mesh.Any(entry => entry.Name == name);

    /// <summary>As last read: while the storage is away, the registered services are still probed.</summary>
    public IReadOnlyList<ServiceEntry> Known => [.. Mesh, .. _registered];

    public async Task<IReadOnlyList<ServiceEntry>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var registered = await db.RegisteredServices
            .FromSql($"select * from command_center.registered_services where last_seen >= now() - make_interval(secs => {options.Value.LeaseSeconds})")
            .AsNoTracking()
            .OrderBy(service => service.Name)
            .ToListAsync(cancellationToken);
        _registered = [.. registered.Where(service => !IsOfTheMesh(service.Name)).Select(ServiceEntry.Of)];
        return Known;
    }

    private string OwnUrl()
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://localhost:8010";
        return address.Replace("[::]", "localhost", StringComparison.Ordinal)
            .Replace("0.0.0.0", "localhost", StringComparison.Ordinal)
            .Replace("//*", "//localhost", StringComparison.Ordinal)
            .Replace("//+", "//localhost", StringComparison.Ordinal);
    }
}
