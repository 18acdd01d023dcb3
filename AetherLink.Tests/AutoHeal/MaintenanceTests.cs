using System.Net;
using System.Net.Http.Json;
using Npgsql;

namespace AetherLink.Tests.AutoHeal;

public sealed class MaintenanceTests() : HealerTest("web")
{
    [Fact]
    public async Task Healer_keeps_off_a_target_under_maintenance_and_heals_it_when_that_ends()
    {
        await using var healer = await StartWellAsync();
        using var opened = await SendAsync(healer, HttpMethod.Post, "", new { target = "web", until = DateTimeOffset.UtcNow.AddHours(1), reason = "moving" });
        Assert.Equal(HttpStatusCode.Created, opened.StatusCode);

        Mesh["web"].Die();

        await Eventually.True(
            async () => (string?)(await healer.TargetAsync("web"))["suppressed_by"] == "maintenance", TimeSpan.FromSeconds(10));
        Assert.Empty(Mesh.Commands);
        using var refused = await healer.RestartAsync("web", new { reason = "now" });
        Assert.Contains("moving (ada", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var ended = await SendAsync(healer, HttpMethod.Delete, "?target=web");
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        await healer.WaitForHistoryAsync(1);
        Assert.Equal(["start web"], Mesh.Commands);
    }

    [Fact]
    public async Task Maintenance_survives_a_restart_of_the_healer()
    {
        await using (var first = await StartWellAsync())
        {
            using var opened = await SendAsync(first, HttpMethod.Post, "", new { all = true, until = DateTimeOffset.UtcNow.AddHours(1), reason = "moving" });
            Assert.Equal(HttpStatusCode.Created, opened.StatusCode);
        }

        await using var second = await StartWellAsync();
        await Eventually.True(
            async () =>
            {
                using var list = await SendAsync(second, HttpMethod.Get, "");
                return (await list.Content.ReadAsStringAsync()).Contains("moving", StringComparison.Ordinal);
            },
            TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Healer_that_starts_during_maintenance_leaves_alone_what_is_dead_already()
    {
        await using (var first = await StartWellAsync())
        {
            using var opened = await SendAsync(first, HttpMethod.Post, "", new { target = "web", until = DateTimeOffset.UtcNow.AddHours(1), reason = "moving" });
            Assert.Equal(HttpStatusCode.Created, opened.StatusCode);
        }
        Mesh["web"].Die();

        // Without what the first one has left in its folder.
        await using var second = await StartInAsync(Path.Combine(Folder, "elsewhere"));

        await Eventually.True(
            async () => (string?)(await second.TargetAsync("web"))["suppressed_by"] == "maintenance", TimeSpan.FromSeconds(20));
        Assert.Empty(Mesh.Commands);
    }

    [Fact]
    public async Task Maintenance_survives_a_restart_of_the_healer_while_Postgres_is_away()
    {
        await using (var first = await StartWellAsync())
        {
            using var opened = await SendAsync(first, HttpMethod.Post, "", new { target = "web", until = DateTimeOffset.UtcNow.AddHours(1), reason = "moving" });
            Assert.Equal(HttpStatusCode.Created, opened.StatusCode);
        }
        await Database.GoAwayAsync();
        Mesh["web"].Die();

        await using var second = await StartAsync();

        await Eventually.True(
            async () => (string?)(await second.TargetAsync("web"))["suppressed_by"] == "maintenance", TimeSpan.FromSeconds(20));
        Assert.Empty(Mesh.Commands);
        await Database.ComeBackAsync();
    }

    [Fact]
    public async Task Maintenance_waits_for_a_Postgres_that_is_too_slow_for_a_heal()
    {
        await using var healer = await StartWellAsync();
        await using var slow = new NpgsqlConnection(Database.ConnectionString + ";Pooling=false");
        await slow.OpenAsync();
        var transaction = await slow.BeginTransactionAsync();
        await using var locks = new NpgsqlCommand("lock table auto_heal.maintenance_windows", slow, transaction);
        await locks.ExecuteNonQueryAsync();

        var opening = SendAsync(healer, HttpMethod.Post, "", new { target = "web", until = DateTimeOffset.UtcNow.AddHours(1), reason = "moving" });
        await healer.WaitForStorageAsync("journal");
        await transaction.RollbackAsync();
        using var opened = await opening;

        Assert.Equal(HttpStatusCode.Created, opened.StatusCode);
    }

    [Fact]
    public async Task Maintenance_is_refused_while_Postgres_is_away_and_says_when_to_come_back()
    {
        await using var healer = await StartWellAsync();
        await Database.GoAwayAsync();
        await healer.WaitForStorageAsync("journal");

        using var refused = await SendAsync(healer, HttpMethod.Delete, "?all=true");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), refused.Headers.RetryAfter?.Delta);
        await Database.ComeBackAsync();
    }

    [Fact]
    public async Task Maintenance_is_refused_with_every_fault_named()
    {
        await using var healer = await StartWellAsync();

        using var refused = await SendAsync(healer, HttpMethod.Post, "", new { target = "stranger", until = DateTimeOffset.UtcNow.AddHours(-1) });

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var text = await refused.Content.ReadAsStringAsync();
        Assert.All(["target", "until", "reason"], field => Assert.Contains($"\"{field}\"", text, StringComparison.Ordinal));
        using var none = await SendAsync(healer, HttpMethod.Delete, "?all=true");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        using var both = await SendAsync(healer, HttpMethod.Delete, "?all=true&target=web");
        Assert.Equal(HttpStatusCode.BadRequest, both.StatusCode);
    }

    [Fact]
    public async Task What_Postgres_could_not_hold_is_refused_and_does_not_pass_for_its_absence()
    {
        await using var healer = await StartWellAsync();

        using var window = await SendAsync(healer, HttpMethod.Post, "", new { all = true, until = DateTimeOffset.UtcNow.AddHours(1), reason = "a\0b" });
        using var ended = await SendAsync(healer, HttpMethod.Delete, "?target=a%00b");
        using var restart = await healer.RestartAsync("web", new { reason = "a\0b" });

        Assert.Equal(
            [HttpStatusCode.BadRequest, HttpStatusCode.NotFound, HttpStatusCode.BadRequest],
            [window.StatusCode, ended.StatusCode, restart.StatusCode]);
        Assert.Equal("postgres", (string?)(await healer.GetAsync("/health"))["storage"]);
        Assert.Empty(Mesh.Commands);
    }

    [Fact]
    public async Task What_people_do_at_the_healer_is_handed_on_to_the_operator_audit_and_what_is_refused_is_not()
    {
        await using var healer = await StartWellAsync();
        using var refused = await SendAsync(healer, HttpMethod.Delete, "?all=true");
        using var opened = await SendAsync(healer, HttpMethod.Post, "", new { target = "web", until = DateTimeOffset.UtcNow.AddHours(1), reason = "moving" });
        using var barred = await healer.RestartAsync("web", new { reason = "now" });
        using var restarted = await healer.RestartAsync("web", new { reason = "now", force = true });
        using var ended = await SendAsync(healer, HttpMethod.Delete, "?target=web");
        Assert.Equal(
            [HttpStatusCode.NotFound, HttpStatusCode.Created, HttpStatusCode.Conflict, HttpStatusCode.Accepted, HttpStatusCode.OK],
            [refused.StatusCode, opened.StatusCode, barred.StatusCode, restarted.StatusCode, ended.StatusCode]);

        await Eventually.True(() => healer.Changes.Count == 3, TimeSpan.FromSeconds(10), "three changes are handed on");

        var changes = healer.Changes.OrderBy(change => change.At).ToList();
        Assert.Equal(["maintenance.opened", "target.restarted", "maintenance.ended"], changes.Select(change => change.Action));
        Assert.All(changes, change => Assert.Equal(
            ("ada", "admin", "web", "127.0.0.1"), (change.Actor, change.Roles.Single(), change.Target, change.Address)));
        Assert.Equal(("moving", "now", true), ((string?)changes[0].After!["reason"], (string?)changes[1].After!["reason"], (bool)changes[1].After!["forced"]!));
        Assert.Equal("moving", (string?)changes[2].Before!["windows"]![0]!["reason"]);
    }

    [Fact]
    public async Task People_of_one_tenant_do_not_act_on_what_is_everybodys()
    {
        await using var healer = await StartWellAsync();
        using var restart = new HttpRequestMessage(HttpMethod.Post, "/autoheal/web/restart") { Content = JsonContent.Create(new { reason = "now" }) };
        using var window = new HttpRequestMessage(HttpMethod.Delete, "/autoheal/maintenance?all=true");
        foreach (var request in (HttpRequestMessage[])[restart, window])
        {
            request.Headers.Add("X-User-Roles", "admin");
            request.Headers.Add("X-Tenant-ID", "acme");
            using var answer = await healer.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
        Assert.Empty(Mesh.Commands);
    }

    private async Task<HealerHost> StartWellAsync()
    {
        var healer = await StartAsync();
        await healer.WaitForStorageAsync("postgres");
        await healer.WaitForStateAsync("web", "healthy");
        return healer;
    }

    private static Task<HttpResponseMessage> SendAsync(HealerHost healer, HttpMethod method, string query, object? body = null)
    {
        var request = new HttpRequestMessage(method, $"/autoheal/maintenance{query}") { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("X-User-Roles", "admin");
        request.Headers.Add("X-User-Name", "ada");
        return healer.Client.SendAsync(request);
    }
}
