using System.Diagnostics;
using Aspire.Hosting.Testing;
using Npgsql;

namespace AetherLink.Tests.Chaos;

/// <summary>Something that goes wrong. It returns when it is over, or when nothing but the mesh itself is left to mend it.</summary>
internal delegate Task Fault(ChaosMesh mesh, Random random);

/// <summary>The pieces that faults are put together from.</summary>
internal static class Faults
{
    /// <summary>Rounds that strike in step with the load would always meet it in the same state.</summary>
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(1);

    /// <summary>kill -9 at a moment that the seed decides.</summary>
    public static Fault Kill(string resource) => async (mesh, random) =>
    {
        await PassAsync(random.NextTime(Spread));
        mesh.Kill(resource);
    };

    /// <summary>SIGSTOP, and SIGCONT later: to the others it is there, and does not answer.</summary>
    public static Fault Freeze(string resource, TimeSpan time) => async (mesh, random) =>
    {
        await PassAsync(random.NextTime(Spread));
        await FreezeNow(resource, time)(mesh, random);
    };

    private static Fault FreezeNow(string resource, TimeSpan time) => async (mesh, _) =>
    {
        mesh.Freeze(resource);
        await PassAsync(time);
        mesh.Thaw(resource);
    };

    public static Fault BrokerAway(TimeSpan time) => async (mesh, _) =>
    {
        await mesh.TellBrokerAsync("down");
        await PassAsync(time);
        await mesh.TellBrokerAsync("up");
    };

    /// <summary>Postgres runs, cuts off whoever is connected, and lets nobody in.</summary>
    public static Fault DatabaseRefuses(TimeSpan time) => async (mesh, _) =>
    {
        await using var database = NpgsqlDataSource.Create((await mesh.Application.GetConnectionStringAsync("postgres"))!);
        await ExecuteAsync(database, "alter database aetherlink allow_connections false");
        await ExecuteAsync(database, "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'aetherlink'");
        await PassAsync(time);
        await ExecuteAsync(database, "alter database aetherlink allow_connections true");
    };

    public static Fault DiskFull(string service, TimeSpan time) => async (mesh, _) =>
    {
        mesh.DiskOf(service).Fill();
        await PassAsync(time);
        mesh.DiskOf(service).Empty();
    };

    public static Fault AllAtOnce(params Fault[] faults) => (mesh, random) =>
    {
        // One source of chance is not for several at a time; their own come from it, in order.
#pragma warning disable CA5394 // Nothing here is a secret.
        var sources = faults.Select(_ => new Random(random.Next())).ToList();
#pragma warning restore CA5394
        return Task.WhenAll(faults.Zip(sources, (fault, source) => fault(mesh, source)));
    };

    /// <summary>
    /// Many, each at its own moment, whatever the ones before it have left standing: a process killed while it starts, while
    /// another is frozen, while the broker is away. Most of them are kills. In every other storm the broker's own process is killed,
    /// too, within its first half: what is promised of AI calls begins anew with that, and the rest of the storm is to have some.
    /// </summary>
    public static Fault Storm(int strikes, TimeSpan pause) => (mesh, random) => mesh.AttendAsync(StormAsync(mesh, random, strikes, pause));

    private static async Task StormAsync(ChaosMesh mesh, Random random, int strikes, TimeSpan pause)
    {
#pragma warning disable CA5394 // Nothing here is a secret.
        var withBroker = random.Next(2) == 0;
#pragma warning restore CA5394
        List<Task> struck = [];
        for (var strike = 0; strike < strikes; strike++)
        {
            await PassAsync(random.NextTime(2 * pause));
            struck.Add(Any(random, withBroker && strike < strikes / 2)(mesh, random));
        }
        await Task.WhenAll(struck);
    }

    /// <summary>The share of each in a hundred. What a fault needs of chance is decided here: several may be under way.</summary>
    private static Fault Any(Random random, bool orBroker)
    {
#pragma warning disable CA5394 // Nothing here is a secret.
        var (kind, time) = (random.Next(100), random.NextTime(TimeSpan.FromSeconds(3)));
        string[] order = [.. Enumerable.Repeat("command-center", 7), .. Enumerable.Repeat("orchestrator", 5), .. Enumerable.Repeat("postgres", 4),
            .. Enumerable.Repeat("auto-heal", 2), .. Enumerable.Repeat("web", 2)];
        random.Shuffle(order);
#pragma warning restore CA5394
        return kind switch
        {
            < 12 when orBroker => KillOne(["kafka"]),
            < 84 => KillOne(order),
            < 92 => FreezeNow(order.First(resource => resource != "postgres"), time),
            _ => BrokerAway(time),
        };
    }

    /// <summary>The first of them that is alive.</summary>
    private static Fault KillOne(IReadOnlyList<string> order) => (mesh, _) => Task.FromResult(order.Any(mesh.Kill));

    /// <summary>A time that has to pass, as the thing under test: how long something is away, or when it is struck.</summary>
    public static Task PassAsync(TimeSpan time)
    {
        var watch = Stopwatch.StartNew();
        return Eventually.True(() => watch.Elapsed >= time, time + TimeSpan.FromSeconds(30), "the time has passed");
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
