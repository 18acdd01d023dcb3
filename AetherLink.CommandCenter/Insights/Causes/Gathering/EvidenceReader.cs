using AetherLink.CommandCenter.Insights.Anomalies.Feeding;
using AetherLink.ServiceDefaults;
using Npgsql;
using NpgsqlTypes;

namespace AetherLink.CommandCenter.Insights.Causes.Gathering;

/// <summary>Gathers what was seen in a window. Every question goes by an index, and has an end.</summary>
internal sealed class EvidenceReader(NpgsqlDataSource source, SeriesReader series, MeshModel mesh)
{
    /// <summary>Of each type, the newest. A mesh in which more of one happen in some hours has no single cause.</summary>
    private const int MostOfAType = 5_000;

    /// <summary>Of the mesh itself, which is of no tenant's: what a tenant calls by these names, however often, is not looked at.</summary>
    private static readonly string[] OfTheMesh =
    [
        EventTypes.ServiceHealthFailed, EventTypes.ServiceHealthRecovered, EventTypes.ServiceVersionChanged, EventTypes.AutohealAttempted,
        EventTypes.AutohealSucceeded, EventTypes.AutohealFailed, EventTypes.AutohealSuppressed,
    ];

    private static readonly string[] OfTenants = [EventTypes.AiProviderSuspended, EventTypes.OpsWebhookDisabled, EventTypes.OpsAlertRaised];

    // Each type by itself, along its index, and written out: only so does the planner know the index of the mesh's own. What is not believed
    // could come so often that none of the others were among the newest.
    private readonly string _eventsSql =
        $"""
        with bounds as materialized (
            select coalesce((select first_seq from command_center.feed_minutes where minute <= $1 order by minute desc limit 1), 0) as low,
                coalesce((select first_seq from command_center.feed_minutes where minute > $2 order by minute limit 1), 9223372036854775807) as high)
        select event_type, event_id, tenant_id, occurred_at,
            coalesce(payload ->> 'name', payload ->> 'service', payload ->> 'provider', payload ->> 'webhook_id', payload ->> 'group'),
            coalesce(payload ->> 'error', payload ->> 'msg', payload ->> 'reason', payload ->> 'to'),
            coalesce(payload ->> 'action', payload ->> 'from', payload ->> 'status'),
            coalesce(payload ->> 'requested_by', payload ->> 'rule_name'), seq
        from bounds, lateral (
            {string.Join(" union all ", OfTheMesh.Select(type => Newest(type, $"tenant_id = '{SeriesKey.MeshTenant}' and", mesh.Self)).Concat(OfTenants.Select(type => Newest(type, "", mesh.Self))))}
        ) found
        """;

    private static string Newest(string type, string whose, string self) =>
        $"""
        (select * from command_center.events
        where event_type = '{type}' and {whose} seq >= low and seq < high and received_at >= $1 and received_at <= $2
            and {Believed.Sql(self)} and ($3 is null or tenant_id = $3)
        order by seq desc limit {MostOfAType:D})
        """;

    private const string PartsSql =
        """
        select node, kind, since, until, detail from command_center.part_faults
        where until >= $1 and since <= $2 order by until limit 1000
        """;

    public async Task<(IReadOnlyList<Evidence> Evidence, DateTimeOffset? SeriesUpTo)> ReadAsync(
        Window window, string? tenant, CancellationToken cancellationToken)
    {
        // Side by side: the points are fetched for longer than all else takes.
        var points = series.ReadAsync(window, tenant, cancellationToken);
        var events = EventsAsync(window, tenant, cancellationToken);
        // The parts of the mesh are everybody's and so nobody's in particular.
        var parts = tenant is null ? PartsAsync(window, cancellationToken) : Task.FromResult<IReadOnlyList<Evidence>>([]);
        await Task.WhenAll(points, events, parts);
        var (ofSeries, upTo) = await points;
        return ([.. EventEvidence.Of(await events, window, mesh.Self), .. ofSeries, .. await parts], upTo);
    }

    private async Task<IReadOnlyList<MeshEvent>> EventsAsync(Window window, string? tenant, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(_eventsSql);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (window.From - Window.StillFailing).UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (window.To + Window.StoredLate).UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = tenant, NpgsqlDbType = NpgsqlDbType.Text });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<MeshEvent>();
        while (await row.ReadAsync(cancellationToken))
        {
            string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
            events.Add(new(
                row.GetString(0), row.GetString(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3), Text(4), Text(5), Text(6), Text(7),
                row.GetInt64(8)));
        }
        return [.. events.OrderBy(one => one.At).ThenBy(one => one.Sequence)];
    }

    private async Task<IReadOnlyList<Evidence>> PartsAsync(Window window, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(PartsSql);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = window.From.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = window.To.UtcDateTime });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var evidence = new List<Evidence>();
        while (await row.ReadAsync(cancellationToken))
        {
            evidence.Add(new(
                row.GetString(0), (EvidenceKind)row.GetInt16(1), row.GetFieldValue<DateTimeOffset>(2), 1,
                $"{row.GetString(4)} For {(row.GetDateTime(3) - row.GetDateTime(2)).TotalSeconds:0} s at least."));
        }
        return evidence;
    }
}
