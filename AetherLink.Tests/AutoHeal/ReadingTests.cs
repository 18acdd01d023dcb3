using AetherLink.AutoHeal.Governing;
using AetherLink.AutoHeal.Watching;

namespace AetherLink.Tests.AutoHeal;

public sealed class ReadingTests
{
    [Theory]
    [InlineData("Exited", 137, false, false, nameof(Sign.Dead))]
    [InlineData("Exited", 134, false, false, nameof(Sign.Dead))]
    [InlineData("Finished", 1, false, false, nameof(Sign.Dead))]
    [InlineData("Finished", -1, false, false, nameof(Sign.Dead))]
    [InlineData("FailedToStart", null, false, false, nameof(Sign.Dead))]
    [InlineData("Exited", 0, false, false, nameof(Sign.Stopped))]
    [InlineData("Exited", 143, false, false, nameof(Sign.Stopped))]
    [InlineData("Finished", 130, false, false, nameof(Sign.Stopped))]
    [InlineData("Exited", null, false, false, nameof(Sign.Stopped))]
    [InlineData("Terminated", null, false, false, nameof(Sign.Stopped))]
    [InlineData("Stopping", null, false, false, nameof(Sign.Stopped))]
    [InlineData("NotStarted", null, false, false, nameof(Sign.Stopped))]
    [InlineData("Exited", 137, true, false, nameof(Sign.Stopped))]
    [InlineData("Exited", 0, false, true, nameof(Sign.Dead))]
    [InlineData("Starting", null, false, false, nameof(Sign.Starting))]
    [InlineData("Waiting", null, false, false, nameof(Sign.Starting))]
    public void Resource_is_read_with_care_for_what_a_person_may_have_done(
        string state, int? exitCode, bool wasStopping, bool byUs, string sign) =>
        Assert.Equal(sign, ResourceReading.Read(new ResourceState("a", state, null, exitCode), wasStopping, byUs)?.Sign.ToString());

    [Theory]
    [InlineData("Running")]
    [InlineData("RuntimeUnhealthy")]
    [InlineData("Unknown")]
    public void Resource_that_runs_says_nothing_against_the_probe(string state) =>
        Assert.Null(ResourceReading.Read(new ResourceState("a", state), false, false));

    [Theory]
    [InlineData("running", "unhealthy", 0, false, nameof(Sign.Dead))]
    [InlineData("running", "healthy", 0, false, nameof(Sign.Healthy))]
    [InlineData("running", "starting", 0, false, nameof(Sign.Starting))]
    [InlineData("running", null, 0, false, nameof(Sign.Healthy))]
    [InlineData("restarting", null, 1, false, nameof(Sign.Starting))]
    [InlineData("exited", null, 1, false, nameof(Sign.Dead))]
    [InlineData("exited", null, 137, true, nameof(Sign.Dead))]
    [InlineData("exited", null, 137, false, nameof(Sign.Stopped))]
    [InlineData("exited", null, 0, false, nameof(Sign.Stopped))]
    [InlineData("paused", null, 0, false, nameof(Sign.Stopped))]
    public void Container_is_read_with_care_for_what_a_person_may_have_done(
        string status, string? health, long exitCode, bool outOfMemory, string sign) =>
        Assert.Equal(sign, ContainerReading.Read(status, health, exitCode, outOfMemory).Sign.ToString());
}
