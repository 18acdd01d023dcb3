using AetherLink.Orchestrator.Calls;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.ServiceDefaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace AetherLink.Tests.Orchestrator;

public sealed class CallAuditTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aether-audit-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Calls_are_taken_again_when_an_empty_spool_had_refused_one()
    {
        var clock = new SetClock();
        using var spool = new SpooledTopic(Topics.OrchestratorAudit, _folder, new SpoolLimits(MaxBytes: 1_000), NullLogger<SpooledTopic>.Instance);
        var audit = new CallAudit(spool, new ConfigurationBuilder().Build(), clock, NullLogger<CallAudit>.Instance);

        Assert.False(audit.TryRecord(Record(caller: new string('x', 1_000))));
        Assert.False(audit.IsOpen);
        clock.Advance(TimeSpan.FromSeconds(5));

        Assert.True(audit.IsOpen);
        Assert.True(audit.TryRecord(Record(caller: "ada")));
        Assert.True(audit.IsOpen);
    }

    private static AuditRecord Record(string caller) => new(
        "id", "acme", "extract-lead", 1, Outcomes.Success, "local", null, [], 1, 1, Usage.None, caller, null, DateTimeOffset.UnixEpoch);
}
