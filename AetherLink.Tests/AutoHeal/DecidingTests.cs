using AetherLink.AutoHeal.Governing;
using AetherLink.AutoHeal.Healing;
using AetherLink.AutoHeal.History;
using AetherLink.AutoHeal.Maintenance;
using AetherLink.AutoHeal.Storage;
using AetherLink.AutoHeal.Watching;
using AetherLink.AutoHeal.Watching.Containers;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AetherLink.Tests.AutoHeal;

/// <summary>What lies between the governor's yes and the restart.</summary>
public sealed class DecidingTests() : HealerTest("web")
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Many_targets_are_decided_on_at_once_with_the_one_connection_that_is_left()
    {
        await using var healer = await StartAsync(("ConnectionStrings:aetherlink", Database.ConnectionString + ";Maximum Pool Size=4"));
        await healer.WaitForStorageAsync("postgres");
        var (ledger, database) = (healer.Services.GetRequiredService<HealLedger>(), healer.Services.GetRequiredService<NpgsqlDataSource>());
        await using var one = await database.OpenConnectionAsync();
        await using var other = await database.OpenConnectionAsync();
        await using var third = await database.OpenConnectionAsync();

        var agreed = await Task.WhenAll(Enumerable.Range(0, 20).Select(number =>
            ledger.DecideAsync(_ => FleetTests.Heal(DateTimeOffset.UtcNow, $"t{number}"), default)));

        Assert.All(agreed, Assert.True);
        Assert.Equal(20, await StoredAsync("target like 't%'"));
    }

    [Fact]
    public async Task Targets_wait_for_another_replicas_decision_on_one_connection()
    {
        await using var healer = await StartAsync(("ConnectionStrings:aetherlink", Database.ConnectionString + ";Maximum Pool Size=4;Minimum Pool Size=4"));
        await healer.WaitForStorageAsync("postgres");
        var ledger = healer.Services.GetRequiredService<HealLedger>();
        await using var replica = new NpgsqlConnection(Database.ConnectionString + ";Pooling=false");
        await replica.OpenAsync();
        await using var transaction = await replica.BeginTransactionAsync();
        await using var decides = new NpgsqlCommand("select pg_advisory_xact_lock($1)", replica, transaction) { Parameters = { new() { Value = HealStore.DecisionLock } } };
        await decides.ExecuteNonQueryAsync();
        await using var waiting = new NpgsqlCommand(
            "select count(*) from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())",
            replica, transaction);

        var deciding = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ledger.DecideAsync(_ => null, default)));

        await Eventually.True(async () => (long)(await waiting.ExecuteScalarAsync())! > 0, Soon, "they wait");
        for (var look = 0; look < 50; look++)
            Assert.InRange((long)(await waiting.ExecuteScalarAsync())!, 0, 1);
        await transaction.RollbackAsync();
        await deciding;
    }

    [Fact]
    public async Task Target_is_looked_at_again_before_it_is_restarted_when_Postgres_is_away()
    {
        await using var healer = await StartAsync();
        await healer.WaitForStorageAsync("postgres");
        var service = healer.Services.GetRequiredService<Healer>();
        var stillDown = new Told("a", Sign.Dead, Sign.Dead);
        await Database.GoAwayAsync();
        await healer.WaitForStorageAsync("journal");

        // As another replica would have it that has restarted it meanwhile.
        var wellAgain = new Told("b", Sign.Dead, Sign.Healthy);
        await service.ConsiderAsync(stillDown, await stillDown.LookAsync(default), default);
        await service.ConsiderAsync(wellAgain, await wellAgain.LookAsync(default), default);

        Assert.Equal((1, 0), (stillDown.Acts, wellAgain.Acts));
        var heals = await healer.WaitForHistoryAsync(2);
        Assert.Equal(["Healthy again, before anything was done to it.", "Healthy again."], heals.Select(heal => (string?)heal!["msg"]));
    }

    [Fact]
    public async Task Target_can_be_healed_again_when_a_decision_did_not_come_to_its_end()
    {
        await using var healer = await StartAsync(("AUTOHEAL_COOLDOWN_SECONDS", "1"));
        await healer.WaitForStorageAsync("postgres");
        await healer.WaitForStateAsync("web", "healthy");
        var (service, web) = (healer.Services.GetRequiredService<Healer>(), healer.Services.GetRequiredService<WatchList>().Find("web")!);
        using var cut = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => service.RequestAsync(web, new Request { ByPerson = true }, new("ada", "now", _ => CutOff(cut)), cut.Token));

        await Eventually.True(async () => (string?)(await healer.TargetAsync("web"))["state"] == "healthy", Soon, "nothing heals it");
        Assert.Empty(Mesh.Commands);
        Mesh["web"].Die();
        await Eventually.True(() => !Mesh.Commands.IsEmpty, Soon, "it is healed");
    }

    [Fact]
    public async Task Healer_that_is_stopped_waits_for_the_end_of_its_heals()
    {
        var healer = await StartAsync();
        await healer.WaitForStorageAsync("postgres");
        var service = healer.Services.GetRequiredService<Healer>();
        var slow = new Told("a", Sign.Dead) { Holds = new TaskCompletionSource() };
        var healing = service.ConsiderAsync(slow, await slow.LookAsync(default), default);
        await Eventually.True(() => slow.Acts == 1, Soon);

        var stopping = healer.DisposeAsync().AsTask();

        await Assert.ThrowsAsync<TimeoutException>(() => stopping.WaitAsync(TimeSpan.FromSeconds(0.5)));
        slow.Holds.SetResult();
        await Task.WhenAll(healing, stopping);
        Assert.Equal(1, await StoredAsync("target = 'a' and verified"));
    }

    [Fact]
    public async Task Target_is_healed_when_the_journal_cannot_be_written()
    {
        // Nobody may write where a folder is.
        Directory.CreateDirectory(Path.Combine(Folder, "heals", "journal.json.next"));
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("web", "healthy");

        Mesh["web"].Die();

        Assert.True((bool)(await healer.WaitForHistoryAsync(1))[0]!["verified"]!);
    }

    [Fact]
    public async Task Nothing_is_restarted_by_hand_off_the_record()
    {
        // Not even one change has room in it.
        await using var healer = await StartAsync(("Spool:MaxBytes", "1"));
        await healer.WaitForStateAsync("web", "healthy");

        using (var refused = await healer.RestartAsync("web", new { reason = "now", force = true }))
        {
            Assert.Equal(503, (int)refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            Assert.Contains("off the record", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Empty(Mesh.Commands);
        var target = await healer.TargetAsync("web");
        Assert.Equal((0, "healthy"), ((int)target["restarts_last_hour"]!, (string?)target["state"]));
    }

    [Fact]
    public async Task Container_that_was_made_anew_while_it_was_considered_is_considered_and_not_the_one_before()
    {
        await using var healer = await StartAsync();
        await healer.WaitForStorageAsync("postgres");
        var considering = healer.Services.GetRequiredService<Considering>();
        var service = healer.Services.GetRequiredService<Healer>();
        var before = new Told("a", Sign.Healthy) { Holds = new TaskCompletionSource() };
        var anew = new Told("a", Sign.Healthy);
        service.See(before, new Sighting(Sign.Dead, "It ended."));
        considering.Begin(before, default);
        await Eventually.True(() => before.Acts == 1, Soon);

        considering.Begin(anew, default);
        before.Holds.SetResult();

        await Eventually.True(() => anew.Looks == 1, Soon, "the new one is looked at");
        Assert.Equal(0, before.Looks);
    }

    [Fact]
    public async Task Maintenance_that_begins_while_a_restart_is_being_decided_on_holds_it_back()
    {
        await using var healer = await StartAsync();
        await healer.WaitForStorageAsync("postgres");
        var (service, windows, clock) = (
            healer.Services.GetRequiredService<Healer>(), healer.Services.GetRequiredService<MaintenanceWindows>(), healer.Services.GetRequiredService<HealClock>());
        var target = new Told("a", Sign.Dead)
        {
            // It is down, and nothing stands in the way: what is to be done to it is asked for, and right then somebody begins to work on it.
            Asked = () => windows.AddAsync(
                new() { Id = Guid.NewGuid(), Target = "a", StartsAt = clock.Shared, Until = clock.Shared.AddHours(1), Reason = "moving", CreatedBy = "ada" },
                new() { Id = Guid.NewGuid(), At = clock.Shared, Actor = "ada", Roles = ["admin"], Action = "maintenance.opened", Target = "a" },
                default),
        };

        await service.ConsiderAsync(target, await target.LookAsync(default), default);

        Assert.Equal((0, Bars.Maintenance), (target.Acts, healer.Services.GetRequiredService<Fleet>().Find("a")!.SuppressedBy));
    }

    private static bool CutOff(CancellationTokenSource cut)
    {
        cut.Cancel();
        return true;
    }

    /// <summary>A target that shows what it was told to, and the last of it for ever.</summary>
    private sealed class Told(string name, params Sign[] signs) : HealTarget(name)
    {
        public int Looks { get; private set; }

        public int Acts { get; private set; }

        public TaskCompletionSource? Holds { get; init; }

        /// <summary>Done while the healer asks what would have to be done to it.</summary>
        public Func<Task>? Asked { get; init; }

        public override string Kind => "service";

        public override Task<Sighting> LookAsync(CancellationToken cancellationToken) =>
            Task.FromResult(new Sighting(signs[Math.Min(Looks++, signs.Length - 1)], "It ended."));

        public override async Task<string> ActionAsync(CancellationToken cancellationToken)
        {
            await (Asked?.Invoke() ?? Task.CompletedTask);
            return "restart";
        }

        public override Task ActAsync(string action, CancellationToken cancellationToken)
        {
            Acts++;
            return Holds?.Task ?? Task.CompletedTask;
        }

        public override Task<bool> IsHealthyAsync(CancellationToken cancellationToken) => Task.FromResult(true);
    }
}
