using AetherLink.CommandCenter.Events.Retaining;
using AetherLink.CommandCenter.Insights.Anomalies.Feeding;
using AetherLink.CommandCenter.Storage;
using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.CommandCenter.Insights.Retaining;

/// <summary>How many were removed.</summary>
internal readonly record struct Removed(long Anomalies, long Verdicts, long PartFaults);

/// <summary>
/// Removes what was found, and what was said of it, when the events that it tells of are gone: with the policy of their tenant. Once an hour;
/// two replicas at once find the same, and one of them removes it.
/// </summary>
internal sealed class InsightsRetention(
    NpgsqlDataSource source, DatabaseReady database, TimeProvider clock, ILogger<InsightsRetention> logger)
    : BackgroundLoop(logger, clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private static readonly string Anomalies =
        $"""
        delete from command_center.anomalies where seq in (
            select seq from command_center.anomalies a where ended_at < $1 - {WithEvents.KeptBy("a")} limit $2)
        """;

    private static readonly string Verdicts =
        $"""
        delete from command_center.cause_verdicts where cause_id in (
            select cause_id from command_center.cause_verdicts v where judged_at < $1 - {WithEvents.KeptBy("v")} limit $2)
        """;

    // A part of the mesh is nobody's: its faults go with the mesh's own events.
    private static readonly string PartFaults =
        $"""
        delete from command_center.part_faults where (node, seen_by, since) in (
            select node, seen_by, since from command_center.part_faults, (select '{SeriesKey.MeshTenant}' as tenant_id) mesh
            where until < $1 - {WithEvents.KeptBy("mesh")} limit $2)
        """;

    private readonly ILogger _logger = logger;

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await database.WaitAsync(stopping);
        using var timer = new PeriodicTimer(Interval, Clock);
        do
        {
            await PruneAsync(stopping);
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    internal async Task<Removed> PruneAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var now = await SlowerClock.NowAsync(connection, Clock, cancellationToken);
        var removed = new Removed(
            await WithEvents.DeleteAsync(connection, Anomalies, now, cancellationToken),
            await WithEvents.DeleteAsync(connection, Verdicts, now, cancellationToken),
            await WithEvents.DeleteAsync(connection, PartFaults, now, cancellationToken));
        if (removed != default)
        {
            Log.Pruned(_logger, removed.Anomalies, removed.Verdicts, removed.PartFaults);
        }
        return removed;
    }
}
