using System.Diagnostics;
using Xunit.Abstractions;

namespace AetherLink.Tests.Chaos;

/// <summary>Its mesh is its own: it goes with its AppHost, and comes back from the data that it left.</summary>
public sealed class AppHostKilledTests(ITestOutputHelper output)
{
    /// <summary>What `down` promises holds for a kill as well.</summary>
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly int _kills = Soak.IsOn ? 4 : 1;

    [Fact]
    public Task Nothing_is_left_running_when_the_AppHost_is_killed_under_load_and_the_next_start_has_every_acknowledged_event() =>
        new Campaign("AppHost killed under load", output).RunAsync(Soak.Rounds(sample: 1, soak: 5), async random =>
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

    private async Task<Outcome> KillAndStartAgainAsync(string folder, Random random)
    {
        var (ledger, tenant, recoveries) = (new Ledger(), $"t-{Guid.NewGuid():N}", new List<TimeSpan>());
        var (spooledSince, unaudited, unannounced) = (Ledger.Now, new List<string>(), new List<string>());
        while (recoveries.Count < _kills)
        {
            var watch = Stopwatch.StartNew();
            using var appHost = await AppHostProcess.StartAsync(folder);
            recoveries.Add(watch.Elapsed);
            await ArriveAsync(appHost);
            spooledSince = await KillUnderLoadAsync(appHost, folder, tenant, ledger, random);
            await Eventually.True(() => AppHostProcess.Left(folder).Count == 0, Promise, "nothing is left running");
        }

        using var last = await AppHostProcess.StartAsync(folder);
        await ArriveAsync(last);
        Connect connect = (service, roles) => last.Client(service, roles, tenant);
        var stored = await new Records(connect).EventsAsync();
        await using var subscriber = new LiveSubscriber(connect, lastId: "0");
        await Eventually.True(() => subscriber.Events.Count >= stored.Count, Soon, "the subscriber has seen what is stored");

        // The development broker died with the rest, and with it what it had taken and nobody read: no promise covers that.
        var findings = Findings.Of(ledger, stored, subscriber, await new Records(connect).AuditedAsync(), since: Ledger.Now);
        return new(findings with { Unaudited = unaudited, Unannounced = unannounced }, recoveries);

        async Task ArriveAsync(AppHostProcess appHost)
        {
            var records = new Records((service, roles) => appHost.Client(service, roles, tenant));
            unaudited.AddRange(await MissingAsync(ledger.AnsweredSince(spooledSince), records.AuditedAsync));
            unannounced.AddRange(await MissingAsync(ledger.AnsweredSince(spooledSince), records.AnnouncedAsync));
        }
    }

    /// <summary>What has not arrived in time.</summary>
    private static async Task<IReadOnlyList<string>> MissingAsync(IReadOnlyCollection<string> promised, Func<Task<List<string?>>> read)
    {
        IReadOnlyList<string> missing = [.. promised];
        try
        {
            await Eventually.True(
                async () => missing.Count == 0 || (missing = [.. promised.Except((await read()).OfType<string>(), StringComparer.Ordinal)]).Count == 0,
                Soon);
        }
        catch (TimeoutException)
        {
            // The findings name them.
        }
        return missing;
    }

    /// <returns>From when on what the Orchestrator recorded was in its spools alone: all of that is promised.</returns>
    private static async Task<long> KillUnderLoadAsync(AppHostProcess appHost, string folder, string tenant, Ledger ledger, Random random)
    {
        await using var load = new Load((service, roles) => appHost.Client(service, roles, tenant), tenant, ledger);
        var (events, calls) = (ledger.Events, ledger.Calls);
        load.Start();
        await Eventually.True(() => ledger.Events > events + 500 && ledger.Calls > calls + 10, Soon, "the load is under way");
        await ChaosMesh.TellBrokerAsync(folder, "down");
        // It is told, and does not answer: a second is many times what it takes.
        await Faults.PassAsync(TimeSpan.FromSeconds(1));
        var (alone, answered) = (Ledger.Now, ledger.Calls);
        await Eventually.True(() => ledger.Calls > answered + 10, Soon, "AI calls are answered without the broker");
        await Faults.PassAsync(random.NextTime(TimeSpan.FromSeconds(1)));
        appHost.Kill();
        return alone;
    }
}
