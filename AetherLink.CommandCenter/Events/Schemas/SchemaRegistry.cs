using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.CommandCenter.Events.Schemas;

/// <summary>
/// The event types that this replica knows. What another replica registers is known here within seconds, and at once to
/// whoever publishes it here.
/// </summary>
internal sealed class SchemaRegistry(SchemaStore store) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private volatile SchemaSet _current = SchemaSet.Shipped;
    private long _known;
    private int _begun;
    private int _finished;

    public SchemaSet Current => _current;

    /// <summary>Reads what was registered meanwhile. Who asks while somebody reads waits for the next reading, and shares it.</summary>
    /// <exception cref="NpgsqlException">The storage is away.</exception>
    public async Task<SchemaSet> RefreshAsync(CancellationToken cancellationToken)
    {
        var begunBefore = Volatile.Read(ref _begun);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // One that began after this call has seen all that was committed before it.
            if (_finished <= begunBefore)
            {
                var number = Interlocked.Increment(ref _begun);
                // Rows are only ever added, so that their number tells whether there are new ones.
                var rows = await store.CountAsync(cancellationToken);
                if (rows != _known)
                {
                    (_current, _known) = (new(await store.ReadAsync(cancellationToken)), rows);
                }
                _finished = number;
            }
            return _current;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}

/// <summary>Looks for what other replicas registered.</summary>
internal sealed class SchemaPolling(SchemaRegistry registry, DatabaseReady database, TimeProvider clock, ILogger<SchemaPolling> logger)
    : BackgroundLoop(logger, clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly ILogger _logger = logger;

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await database.WaitAsync(stopping);
        using var timer = new PeriodicTimer(Interval, Clock);
        do
        {
            try
            {
                await registry.RefreshAsync(stopping);
            }
            catch (NpgsqlException away)
            {
                Log.SchemasWait(_logger, away.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }
}
