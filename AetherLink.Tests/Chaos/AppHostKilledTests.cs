using System.Diagnostics;
using Xunit.Abstractions;

namespace AetherLink.Tests.Chaos;

/// <summary>Its mesh is its own: it goes with its AppHost, and comes back from the data that it left.</summary>
[Collection(ChaosCollection.Name)]
public sealed class AppHostKilledTests(ITestOutputHelper output)
{
    /// <summary>What `down` promises holds for a kill as well.</summary>
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [SoakFact("the start after the kill once did not come up; it now waits for Postgres' children, and has yet to run at length (docs/soak.md)")]
    public Task Nothing_is_left_running_when_the_AppHost_is_killed_under_load_and_the_next_start_has_every_acknowledged_event() =>
        new Campaign("AppHost killed under load", output).RunAsync(Soak.Rounds(sample: 1, soak: 30), async random =>
        {
            var folder = Directory.CreateTempSubdirectory("aetherlink-apphost-").FullName;
            try
            {
                return await KillAndStartAgainAsync(folder, random);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        });

    private static async Task<(Findings Findings, TimeSpan Recovery)> KillAndStartAgainAsync(string folder, Random random)
    {
        var (ledger, tenant) = (new Ledger(), $"t-{Guid.NewGuid():N}");
        using (var first = await AppHostProcess.StartAsync(folder))
        {
            await using var load = new Load((service, roles) => first.Client(service, roles, tenant), tenant, ledger);
            load.Start();
            await Eventually.True(() => ledger is { Events: > 500, Calls: > 10 }, Soon, "the load is under way");
            await Faults.PassAsync(random.NextTime(TimeSpan.FromSeconds(1)));
            first.Kill();
            await Eventually.True(() => AppHostProcess.Left(folder).Count == 0, Promise, "nothing is left running");
        }

        var watch = Stopwatch.StartNew();
        using var second = await AppHostProcess.StartAsync(folder);
        var recovery = watch.Elapsed;
        Connect connect = (service, roles) => second.Client(service, roles, tenant);
        var stored = await new Records(connect).EventsAsync();
        await using var subscriber = new LiveSubscriber(connect, lastId: "0");
        await Eventually.True(() => subscriber.Events.Count >= stored.Count, Soon, "the subscriber has seen what is stored");

        // The development broker died with the rest, and with it what it had taken and nobody read: no promise covers that.
        var findings = Findings.Of(ledger, stored, subscriber.Events, subscriber.Refusals, []) with { Unaudited = [], Unannounced = [] };
        return (findings, recovery);
    }
}
