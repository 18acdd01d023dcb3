using AetherLink.Tests.Postgres;

namespace AetherLink.Tests.AutoHeal;

public sealed class HealRecordTests : IAsyncLifetime
{
    private static readonly (string, string) LongCooldown = ("AUTOHEAL_COOLDOWN_SECONDS", "60");

    private readonly PostgresDatabase _database = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("aether-heal-").FullName;
    private FakeMesh _mesh = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _mesh = await FakeMesh.StartAsync("orchestrator", "web");
    }

    public async Task DisposeAsync()
    {
        await _mesh.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Healer_keeps_its_counts_and_history_when_it_is_restarted_elsewhere()
    {
        await HealOnceAsync("web");
        var elsewhere = Directory.CreateDirectory(Path.Combine(_folder, "elsewhere")).FullName;

        _mesh["web"].Die();
        await using var healer = await StartAsync(elsewhere);

        await healer.WaitForStateAsync("web", "down");
        await Eventually.True(
            async () => (string?)(await healer.TargetAsync("web"))["suppressed_by"] == "cooldown", TimeSpan.FromSeconds(5));
        Assert.Equal(1, (int)(await healer.TargetAsync("web"))["restarts_last_hour"]!);
        Assert.Equal(1, (int)(await healer.GetAsync("/autoheal/history"))["total_in_history"]!);
        Assert.Single(_mesh.Commands);
    }

    [Fact]
    public async Task Healer_goes_on_while_Postgres_is_away_and_stores_the_journal_when_it_is_back()
    {
        await using var healer = await StartAsync(_folder);
        await healer.WaitForStateAsync("orchestrator", "healthy");
        await healer.WaitForStorageAsync("postgres");
        await _database.GoAwayAsync();

        _mesh["orchestrator"].Die();
        await healer.WaitForHistoryAsync(1);
        await healer.WaitForStorageAsync("journal");
        Assert.Equal(1, (int)(await healer.GetAsync("/autoheal/stats"))["successful"]!);

        await _database.ComeBackAsync();
        await healer.WaitForStorageAsync("postgres");
        await Eventually.True(async () => await StoredAsync() == 1, TimeSpan.FromSeconds(10), "the journal is stored");
        Assert.Equal("orchestrator", (string?)(await healer.WaitForHistoryAsync(1))[0]!["service"]);
    }

    [Fact]
    public async Task Healer_remembers_by_its_journal_when_it_is_restarted_while_Postgres_is_away()
    {
        await using (var first = await StartAsync(_folder))
        {
            await first.WaitForStateAsync("web", "healthy");
            await first.WaitForStorageAsync("postgres");
            await _database.GoAwayAsync();
            _mesh["web"].Die();
            await first.WaitForHistoryAsync(1);
        }

        await using (var second = await StartAsync(_folder))
        {
            _mesh["web"].Die();
            await Eventually.True(
                async () => (string?)(await second.TargetAsync("web"))["suppressed_by"] == "cooldown", TimeSpan.FromSeconds(10));
            await _database.ComeBackAsync();
            await Eventually.True(async () => await StoredAsync() == 1, TimeSpan.FromSeconds(10), "the journal is stored");
        }

        Assert.Single(_mesh.Commands);
    }

    [Fact]
    public async Task Healer_closes_a_heal_that_it_did_not_live_to_see_the_end_of()
    {
        _mesh.Holds = new TaskCompletionSource();
        var first = await StartAsync(_folder);
        await first.WaitForStateAsync("web", "healthy");
        _mesh["web"].Die();
        await Eventually.True(() => !_mesh.Commands.IsEmpty, TimeSpan.FromSeconds(10));
        // As a kill leaves it: begun, and never ended.
        var copy = Directory.CreateDirectory(Path.Combine(_folder, "killed", "heals")).FullName;
        File.Copy(Path.Combine(_folder, "heals", "journal.json"), Path.Combine(copy, "journal.json"));
        await first.DisposeAsync();

        await using var second = await StartAsync(Path.Combine(_folder, "killed"));
        var heal = (await second.WaitForHistoryAsync(1))[0]!;

        Assert.Equal("The healer ended during this heal.", (string?)heal["msg"]);
        Assert.False((bool)heal["success"]!);
        Assert.Single(_mesh.Commands);
    }

    [Fact]
    public async Task Two_healers_of_one_mesh_restart_a_dead_service_once()
    {
        _mesh.Holds = new TaskCompletionSource();
        await using var one = await StartAsync(Path.Combine(_folder, "one"));
        await using var other = await StartAsync(Path.Combine(_folder, "other"));
        foreach (var healer in new[] { one, other })
        {
            await healer.WaitForStorageAsync("postgres");
            await healer.WaitForStateAsync("web", "healthy");
        }

        _mesh["web"].Die();
        await Eventually.True(() => !_mesh.Commands.IsEmpty, TimeSpan.FromSeconds(10));
        var probes = _mesh["web"].Probes;
        await Eventually.True(() => _mesh["web"].Probes > probes + 3, TimeSpan.FromSeconds(10));
        _mesh.Holds.SetResult();
        foreach (var healer in new[] { one, other })
            await healer.WaitForHistoryAsync(1);

        Assert.Single(_mesh.Commands);
        Assert.Equal(1, await StoredAsync());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("51")]
    [InlineData("-1")]
    public async Task History_is_refused_when_the_limit_is_out_of_range(string limit)
    {
        await using var healer = await StartAsync(_folder);

        using var answer = await healer.Client.GetAsync(new Uri($"/autoheal/history?limit={limit}", UriKind.Relative));

        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains("limit", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Healer_answers_everything_that_the_contract_names_before_anything_was_healed()
    {
        await using var healer = await StartAsync(_folder);
        await healer.WaitForStateAsync("web", "healthy");

        Assert.Equal("""{"history":[],"total_in_history":0,"limit":10}""", (await healer.GetAsync("/autoheal/history")).ToJsonString());
        Assert.Equal(
            """{"total_attempts":0,"successful":0,"failed":0,"success_rate":0,"services":{},"most_healed":null}""",
            (await healer.GetAsync("/autoheal/stats")).ToJsonString());
        var status = await healer.GetAsync("/autoheal/status");
        Assert.Equal("""["orchestrator","web"]""", status["watching"]!.ToJsonString());
        Assert.Equal(0.2, (double)status["interval_seconds"]!);
        Assert.EndsWith("Z", (string?)status["last_report"]!["last_run"], StringComparison.Ordinal);
        Assert.Equal(
            """{"name":"web","kind":"service","state":"healthy","reason":"","consecutive_failures":0,"restarts_last_hour":0,"cooldown_until":null,"suppressed_by":null,"would":"nothing","why":"It is not down.","enrolled":true}""",
            (await healer.TargetAsync("web")).ToJsonString());
        var health = await healer.GetAsync("/health");
        Assert.Equal(("up", "auto-heal"), ((string?)health["status"], (string?)health["service"]));
        Assert.Equal("ok", (string?)(await healer.GetAsync("/ping"))["status"]);
        Assert.NotNull((await healer.GetAsync("/audit/stats"))["total_requests"]);
    }

    [Fact]
    public async Task Reading_needs_a_role_when_the_settings_say_so()
    {
        await using var healer = await StartAsync(_folder, ("AUTOHEAL_REQUIRE_ROLES", "true"));

        foreach (var path in new[] { "/autoheal/status", "/autoheal/history", "/autoheal/stats", "/audit/stats" })
        {
            using var anonymous = await healer.Client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(401, (int)anonymous.StatusCode);
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("X-User-Roles", "operator");
            using var @operator = await healer.Client.SendAsync(request);
            Assert.Equal(200, (int)@operator.StatusCode);
        }
    }

    private async Task HealOnceAsync(string name)
    {
        await using var healer = await StartAsync(_folder);
        await healer.WaitForStateAsync(name, "healthy");
        await healer.WaitForStorageAsync("postgres");
        _mesh[name].Die();
        await healer.WaitForHistoryAsync(1);
        await Eventually.True(async () => await StoredAsync() == 1, TimeSpan.FromSeconds(5));
    }

    private Task<HealerHost> StartAsync(string folder, params (string, string)[] settings) =>
        HealerHost.StartAsync(_mesh, _database.ConnectionString, folder, [LongCooldown, .. settings]);

    private async Task<long> StoredAsync()
    {
        await using var connection = new Npgsql.NpgsqlConnection(_database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var count = new Npgsql.NpgsqlCommand("select count(*) from auto_heal.heals where finished_at is not null", connection);
        return (long)(await count.ExecuteScalarAsync())!;
    }
}
