using System.Globalization;
using AetherLink.CommandCenter.Operators;
using AetherLink.Tests.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace AetherLink.Tests.CommandCenter.Operators;

/// <summary>The chain of the entries: what breaks it is found, and what may be removed does not.</summary>
public sealed class AuditChainTests(AuditedCommandCenter audited) : AuditFacts(audited), IClassFixture<AuditedCommandCenter>
{
    private AuditPruning Pruning => Center.Service.Services.GetServices<IHostedService>().OfType<AuditPruning>().Single();

    [Fact]
    public async Task Changes_at_once_make_one_chain_without_gaps()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(number => number % 2 == 0
            ? SendAsync(HttpMethod.Post, "/alerts/rules", Rule($"rule {number}"))
            : SendAsync(HttpMethod.Put, $"/events/retention/tenants/tenant-{number}", new { retention_days = number })));

        Assert.Equal(("intact", 40), await VerifyAsync());
    }

    [Theory]
    [InlineData("update command_center.operator_audit set actor = 'somebody else' where seq = 2", "Entry 2 was changed")]
    [InlineData("update command_center.operator_audit set after = '{\"retention_days\":1}' where seq = 2", "Entry 2 was changed")]
    [InlineData("delete from command_center.operator_audit where seq = 2", "Entry 2 is missing")]
    [InlineData("delete from command_center.operator_audit where seq = 3", "Entry 3 and what followed it are missing")]
    [InlineData(
        """
        delete from command_center.operator_audit where seq = 3;
        update command_center.operator_audit_head set seq = 2, hash = (select hash from command_center.operator_audit where seq = 2)
        """,
        "The seal before entry 3 is not of this mesh's key")]
    [InlineData($"delete from command_center.operator_audit; {Emptied}", "The seal before entry 1 is not of this mesh's key")]
    [InlineData($"delete from command_center.operator_audit; {Emptied}, seal = ''", "The seal before entry 1 is not of this mesh's key")]
    [InlineData(
        "delete from command_center.operator_audit; update command_center.operator_audit_head set pruned_seq = seq, pruned_hash = hash",
        "The seal before entry 4 is not of this mesh's key")]
    public async Task Tampering_is_found_and_named(string tampering, string found)
    {
        for (var days = 1; days <= 3; days++)
        {
            await SendAsync(HttpMethod.Put, "/events/retention/tenants/acme", new { retention_days = days });
        }
        await ExecuteAsync(tampering);

        var verification = await Admin.JsonAsync($"{Path}/verify");

        Assert.Equal("broken", (string?)verification["status"]);
        Assert.Contains(found, (string?)verification["first_broken"]!["reason"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task End_that_was_cut_off_is_found_also_after_the_next_change()
    {
        for (var days = 1; days <= 3; days++)
        {
            await SendAsync(HttpMethod.Put, "/events/retention/tenants/acme", new { retention_days = days });
        }
        await ExecuteAsync(
            """
            delete from command_center.operator_audit where seq = 3;
            update command_center.operator_audit_head set seq = 2, hash = (select hash from command_center.operator_audit where seq = 2)
            """);
        await SendAsync(HttpMethod.Put, "/events/retention/tenants/acme", new { retention_days = 4 });
        await SendAsync(HttpMethod.Put, "/events/retention/tenants/acme", new { retention_days = 5 });

        var verification = await Admin.JsonAsync($"{Path}/verify");

        Assert.Equal(("broken", 4, 3), ((string?)verification["status"], (int)verification["checked"]!, (int)verification["first_broken"]!["seq"]!));
    }

    [Fact]
    public async Task Retention_removes_the_oldest_and_leaves_a_chain_that_can_be_checked()
    {
        for (var days = 1; days <= 5; days++)
        {
            await SendAsync(HttpMethod.Put, "/events/retention/tenants/acme", new { retention_days = days });
        }
        var third = DateTimeOffset.Parse((string)(await EntriesAsync())[3]["at"]!, CultureInfo.InvariantCulture);

        var pruned = await Pruning.PruneAsync(third, CancellationToken.None);

        var verification = await Admin.JsonAsync($"{Path}/verify");
        Assert.Equal((3, "intact", 2, 4), (pruned, (string?)verification["status"], (int)verification["checked"]!, (int)verification["first_sequence"]!));
    }

    [Fact]
    public async Task Entries_that_were_dated_back_are_not_removed_and_are_found()
    {
        for (var days = 1; days <= 3; days++)
        {
            await SendAsync(HttpMethod.Put, "/events/retention/tenants/acme", new { retention_days = days });
        }
        await ExecuteAsync("update command_center.operator_audit set at = '2000-01-01' where seq <= 2");

        var pruned = await Pruning.PruneAsync(DateTimeOffset.UtcNow.AddDays(-30), CancellationToken.None);

        Assert.Equal(0, pruned);
        Assert.Equal(3, (await EntriesAsync()).Count);
        Assert.Equal(("broken", 0), await VerifyAsync());
    }

    [Fact]
    public async Task Nothing_is_removed_under_a_seal_that_does_not_hold()
    {
        for (var days = 1; days <= 3; days++)
        {
            await SendAsync(HttpMethod.Put, "/events/retention/tenants/acme", new { retention_days = days });
        }
        // Removing it would seal anew, and hide that.
        await ExecuteAsync("update command_center.operator_audit_head set seal = ''");

        Assert.Equal(0, await Pruning.PruneAsync(DateTimeOffset.UtcNow.AddDays(1), CancellationToken.None));

        Assert.Equal(3, (await EntriesAsync()).Count);
        Assert.Equal(("broken", 3), await VerifyAsync());
    }

    [Fact]
    public async Task Verification_is_one_at_a_time()
    {
        await using var another = await Center.Source.OpenConnectionAsync();
        await using var busy = await another.BeginTransactionAsync();
        await using var taken = new NpgsqlCommand($"select pg_advisory_xact_lock(hashtext('{AuditReader.VerifyingLock}'))", another);
        await taken.ExecuteNonQueryAsync();

        using var refused = await Admin.GetAsync(new Uri($"{Path}/verify", UriKind.Relative));
        await refused.AssertProblemAsync(429);
        Assert.NotNull(refused.Headers.RetryAfter);

        await busy.RollbackAsync();
        Assert.Equal(("intact", 0), await VerifyAsync());
    }
}
