using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Announcing;
using Npgsql;

namespace AetherLink.CommandCenter.Deliveries.Dispatching;

/// <summary>Gives up what waits for an endpoint that was switched off or removed, and tells of it; what a person has paused waits on.</summary>
internal sealed class Settling(Telling telling, DeliveryEvents announce)
{
    private const string Off = "e.deleted_at is not null or (not e.enabled and e.disabled_reason <> 'By hand.')";

    private const string IsAny =
        $"""
        select exists (select from command_center.webhook_endpoints e where ({Off})
            and exists (select from command_center.delivery_queue q where q.endpoint_id = e.id and (q.lease_until is null or q.lease_until <= now())))
        """;

    // Outcome 4 of the counts: given up without an attempt.
    private const string Settle =
        $"""
        with over as materialized (
            select q.delivery_id, e.id as endpoint_id, e.url, case when e.deleted_at is null then e.disabled_reason else 'The endpoint was removed.' end as why
            from command_center.webhook_endpoints e join command_center.delivery_queue q on q.endpoint_id = e.id
            where ({Off}) and (q.lease_until is null or q.lease_until <= now())
            limit 1000 for update of q skip locked
        ), gone as (
            delete from command_center.delivery_queue q using over where q.delivery_id = over.delivery_id
        ), moved as (
            update command_center.deliveries d set status = 3, error = 11, triage = coalesce(triage, 0), cause = 18, completed_at = now()
            from over where d.id = over.delivery_id
            returning d.id, d.original_id, d.tenant_id, d.event_type, d.event_id, d.rule_id, over.endpoint_id, over.url, over.why
        ), counted as (
            insert into command_center.delivery_counts as c (hour, tenant_id, outcome, triage, attempts)
            select date_trunc('hour', now(), 'UTC'), tenant_id, 4, -1, count(*) from moved group by tenant_id order by tenant_id
            on conflict (hour, tenant_id, outcome, triage) do update set attempts = c.attempts + excluded.attempts
        ), counted_by_endpoint as (
            insert into command_center.endpoint_counts as c (hour, endpoint_id, tenant_id, given_up, replays_given_up)
            select date_trunc('hour', now(), 'UTC'), endpoint_id, tenant_id, count(*), count(original_id) from moved group by 2, 3 order by 2, 3
            on conflict (hour, endpoint_id, tenant_id) do update set
                given_up = c.given_up + excluded.given_up, replays_given_up = c.replays_given_up + excluded.replays_given_up
        )
        select id, tenant_id, event_type, event_id, rule_id, endpoint_id, url, why from moved
        """;

    /// <param name="connection">To look with: as a rule there is nothing.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task SettleAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var look = new NpgsqlCommand(IsAny, connection);
        if (await look.ExecuteScalarAsync(cancellationToken) is true)
        {
            await telling.CommitAsync(GiveUpAsync, cancellationToken);
        }
    }

    private async Task<Told<bool>> GiveUpAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var settle = new NpgsqlCommand(Settle, connection, transaction);
        await using var row = await settle.ExecuteReaderAsync(cancellationToken);
        var news = new List<EventDraft?>();
        while (await row.ReadAsync(cancellationToken))
        {
            news.Add(announce.GivenUp(
                row.GetGuid(0), new(row.GetString(1), row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4)),
                row.GetGuid(5), EndpointUrl.Stored(row.GetString(6)), row.IsDBNull(7) ? null : row.GetString(7)));
        }
        return new(true, [.. news]);
    }
}
