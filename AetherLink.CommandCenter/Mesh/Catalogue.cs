using AetherLink.CommandCenter.Operators;
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
    OperatorAudit audit, IOptions<MeshOptions> options, TimeProvider clock)
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
        var bound = Lease.Bound(clock.GetUtcNow(), TimeSpan.FromSeconds(options.Value.LeaseSeconds));
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var registered = await db.RegisteredServices.AsNoTracking()
            .Where(service => service.LastSeen >= bound)
            .OrderBy(service => service.Name)
            .ToListAsync(cancellationToken);
        _registered = [.. registered.Where(service => !IsOfTheMesh(service.Name)).Select(ServiceEntry.Of)];
        return Known;
    }

    /// <summary>Removes those whose lease has ended. Of several replicas one gets each.</summary>
    public async Task<IReadOnlyList<RegisteredService>> RemoveExpiredAsync(CancellationToken cancellationToken)
    {
        var bound = Lease.Bound(clock.GetUtcNow(), TimeSpan.FromSeconds(options.Value.LeaseSeconds));
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.RegisteredServices.FromSql(
                $"delete from command_center.registered_services where last_seen < {bound.UtcDateTime} returning *")
            .AsNoTracking().ToListAsync(cancellationToken);
    }

    /// <summary>True when it is new, or stands elsewhere than before; a lease that is only renewed is no change.</summary>
    public async Task<bool> RegisterAsync(RegisteredService service, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var before = await db.RegisteredServices.AsNoTracking().SingleOrDefaultAsync(row => row.Name == service.Name, cancellationToken);
        var isNews = before?.Url != service.Url;
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into command_center.registered_services (name, url, health_url, version, roles_required, tags, last_seen)
            values ({service.Name}, {service.Url}, {service.HealthUrl}, {service.Version}, {service.RolesRequired},
                {service.Tags}, {service.LastSeen.UtcDateTime})
            on conflict (name) do update set url = excluded.url, health_url = excluded.health_url, version = excluded.version,
                roles_required = excluded.roles_required, tags = excluded.tags, last_seen = excluded.last_seen
            """, cancellationToken);
        if (isNews)
        {
            await RecordAsync(db, "service.registered", before, service, cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return isNews;
    }

    /// <summary>What was removed; null when there was nothing of that name.</summary>
    public async Task<RegisteredService?> UnregisterAsync(string name, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var removed = await db.RegisteredServices
            .FromSql($"delete from command_center.registered_services where name = {name} returning *")
            .AsNoTracking().ToListAsync(cancellationToken);
        if (removed is not [var service])
        {
            return null;
        }
        await RecordAsync(db, "service.unregistered", service, null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return service;
    }

    private Task RecordAsync(
        CommandCenterDb db, string action, RegisteredService? before, RegisteredService? after, CancellationToken cancellationToken) =>
        audit.RecordAsync(
            db, action, (after ?? before)!.Name, tenant: null, before is null ? null : ServiceEntry.Of(before),
            after is null ? null : ServiceEntry.Of(after), MeshJson.Wire.ServiceEntry, cancellationToken);

    private string OwnUrl()
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://localhost:8010";
        return address.Replace("[::]", "localhost", StringComparison.Ordinal)
            .Replace("0.0.0.0", "localhost", StringComparison.Ordinal)
            .Replace("//*", "//localhost", StringComparison.Ordinal)
            .Replace("//+", "//localhost", StringComparison.Ordinal);
    }
}
