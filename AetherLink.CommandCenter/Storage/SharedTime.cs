using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.CommandCenter.Storage;

/// <summary>
/// What time it is by Postgres' clock, without a question to it each time: what was heard of it last, and what has passed since by this
/// machine's monotonic clock, which nobody sets. Until something was heard, the machine's own.
/// </summary>
internal sealed class SharedTime(TimeProvider clock)
{
    private volatile Mark? _heard;

    public DateTimeOffset Now => _heard is { } mark ? mark.At + clock.GetElapsedTime(mark.Timestamp) : clock.GetUtcNow();

    public void Hear(DateTimeOffset at) => _heard = new(at, clock.GetTimestamp());

    private sealed record Mark(DateTimeOffset At, long Timestamp);
}

/// <summary>Listens to Postgres' clock, so that one that is set is followed.</summary>
internal sealed class SharedTimeLoop(
    SharedTime time, NpgsqlDataSource source, DatabaseReady database, TimeProvider clock, ILogger<SharedTimeLoop> logger) : BackgroundLoop(logger, clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await database.WaitAsync(stopping);
        using var timer = new PeriodicTimer(Interval, Clock);
        do
        {
            try
            {
                time.Hear(await source.NowAsync(stopping));
            }
            catch (NpgsqlException)
            {
                // It goes on from what it heard before. Others say that Postgres is away.
            }
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }
}
