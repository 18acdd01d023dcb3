using System.Text.Json.Nodes;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Announcing;
using AetherLink.CommandCenter.Operators;
using AetherLink.ServiceDefaults;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Mesh;

/// <summary>The leases of services outside the mesh. Whoever comes or goes is told of, and recorded, in the same transaction.</summary>
internal sealed class Registrations(
    Telling telling, OwnDrafts drafts, OperatorAudit audit, IOptions<MeshOptions> options)
{
    private const string Columns = "name, url, health_url, version, roles_required, tags, last_seen";

    private const string Upsert =
        $"""
        insert into command_center.registered_services ({Columns})
        values ($1, $2, $3, $4, $5, $6, now())
        on conflict (name) do update set url = excluded.url, health_url = excluded.health_url, version = excluded.version,
            roles_required = excluded.roles_required, tags = excluded.tags, last_seen = excluded.last_seen
        returning last_seen
        """;

    /// <summary>Each is probed every few seconds, and all of them are read for a list of services.</summary>
    internal const int Most = 1_000;

    /// <summary>
    /// Told of when it is new, or says something else of itself; a lease that is only renewed is no change. False when it is new, and
    /// there are as many as there may be.
    /// </summary>
    public Task<bool> RegisterAsync(RegisteredService service, CancellationToken cancellationToken) => telling.CommitAsync(
        async (connection, transaction, token) =>
        {
            await using var known = new NpgsqlCommand(
                $"select {Columns} from command_center.registered_services where name = $1 for update", connection, transaction)
            {
                Parameters = { Text(service.Name) },
            };
            var before = (await ReadAsync(known, token)).SingleOrDefault();
            if (before is null && await IsFullAsync(connection, transaction, token))
            {
                return new Told<bool>(false);
            }
            await using var upsert = new NpgsqlCommand(Upsert, connection, transaction)
            {
                Parameters =
                {
                    Text(service.Name), Text(service.Url), Text(service.HealthUrl), Text(service.Version),
                    new NpgsqlParameter<string[]> { TypedValue = service.RolesRequired },
                    new NpgsqlParameter<string[]> { TypedValue = service.Tags },
                },
            };
            service.LastSeen = new((DateTime)(await upsert.ExecuteScalarAsync(token))!);
            if (before?.IsAs(service) is true)
            {
                return new Told<bool>(true);
            }
            await RecordAsync(connection, "service.registered", before, service, token);
            return new Told<bool>(true, Registered(service));
        }, cancellationToken);

    /// <summary>New ones are counted one after the other; nobody who only renews waits for that.</summary>
    private static async Task<bool> IsFullAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var turn = new NpgsqlCommand("select pg_advisory_xact_lock(hashtext('command_center.registered_services'))", connection, transaction);
        await turn.ExecuteNonQueryAsync(cancellationToken);
        await using var count = new NpgsqlCommand("select count(*) from command_center.registered_services", connection, transaction);
        return (long)(await count.ExecuteScalarAsync(cancellationToken))! >= Most;
    }

    /// <summary>False when there was nothing of that name.</summary>
    public Task<bool> UnregisterAsync(string name, CancellationToken cancellationToken) => telling.CommitAsync(
        async (connection, transaction, token) =>
        {
            await using var delete = new NpgsqlCommand(
                $"delete from command_center.registered_services where name = $1 returning {Columns}", connection, transaction)
            {
                Parameters = { Text(name) },
            };
            if (await ReadAsync(delete, token) is not [var gone])
            {
                return new Told<bool>(false);
            }
            await RecordAsync(connection, "service.unregistered", gone, null, token);
            return new Told<bool>(true, Unregistered(gone, Severity.Info, "It was removed by hand."));
        }, cancellationToken);

    /// <summary>Removes those whose lease has ended. Of several replicas one gets each.</summary>
    public Task RemoveExpiredAsync(CancellationToken cancellationToken) => telling.CommitAsync(
        async (connection, transaction, token) =>
        {
            await using var delete = new NpgsqlCommand(
                $"delete from command_center.registered_services where last_seen < now() - make_interval(secs => $1) returning {Columns}", connection, transaction)
            {
                Parameters = { new NpgsqlParameter<double> { TypedValue = options.Value.LeaseSeconds } },
            };
            var gone = await ReadAsync(delete, token);
            return new Told<bool>(gone.Count > 0, [.. gone.Select(one => Unregistered(one, Severity.Warning, "Its lease ended."))]);
        }, cancellationToken);

    private Task RecordAsync(
        NpgsqlConnection connection, string action, RegisteredService? before, RegisteredService? after, CancellationToken cancellationToken) =>
        audit.RecordAsync(
            connection, action, (after ?? before)!.Name, tenant: null, before is null ? null : ServiceEntry.Of(before),
            after is null ? null : ServiceEntry.Of(after), MeshJson.Wire.ServiceEntry, cancellationToken);

    private static NpgsqlParameter<string?> Text(string? value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static async Task<List<RegisteredService>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var services = new List<RegisteredService>();
        while (await row.ReadAsync(cancellationToken))
        {
            services.Add(new()
            {
                Name = row.GetString(0),
                Url = row.GetString(1),
                HealthUrl = row.GetString(2),
                Version = row.IsDBNull(3) ? null : row.GetString(3),
                RolesRequired = row.GetFieldValue<string[]>(4),
                Tags = row.GetFieldValue<string[]>(5),
                LastSeen = row.GetFieldValue<DateTimeOffset>(6),
            });
        }
        return services;
    }

    private EventDraft? Registered(RegisteredService service) => drafts.Make(EventTypes.ServiceRegistered, Severity.Info, new JsonObject
    {
        ["name"] = service.Name,
        ["url"] = service.Url,
        ["health_url"] = service.HealthUrl,
        ["version"] = service.Version,
    });

    private EventDraft? Unregistered(RegisteredService service, Severity severity, string reason) =>
        drafts.Make(EventTypes.ServiceUnregistered, severity, new JsonObject
        {
            ["name"] = service.Name,
            ["url"] = service.Url,
            ["reason"] = reason,
        });
}
