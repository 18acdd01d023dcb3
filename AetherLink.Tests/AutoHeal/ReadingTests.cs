using AetherLink.AutoHeal.Governing;
using AetherLink.AutoHeal.Watching;
using AetherLink.AutoHeal.Watching.Containers;
using Docker.DotNet.Models;

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
    [InlineData(ResourceState.RollingOut, null, false, true, nameof(Sign.Starting))]
    [InlineData(ResourceState.ScaledToNone, null, false, true, nameof(Sign.Stopped))]
    [InlineData(ResourceState.Paused, null, false, true, nameof(Sign.Stopped))]
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
    [InlineData("restarting", null, 1, false, nameof(Sign.Failing))]
    [InlineData("exited", null, 1, false, nameof(Sign.Dead))]
    [InlineData("exited", null, 137, true, nameof(Sign.Dead))]
    [InlineData("exited", null, 137, false, nameof(Sign.Stopped))]
    [InlineData("exited", null, 0, false, nameof(Sign.Stopped))]
    [InlineData("paused", null, 0, false, nameof(Sign.Stopped))]
    public void Container_is_read_with_care_for_what_a_person_may_have_done(
        string status, string? health, long exitCode, bool outOfMemory, string sign) =>
        Assert.Equal(sign, ContainerReading.Read(status, health, exitCode, outOfMemory).Sign.ToString());

    [Theory]
    [InlineData(137, nameof(Ending.BySelf), nameof(Sign.Dead))]
    [InlineData(143, nameof(Ending.BySelf), nameof(Sign.Dead))]
    [InlineData(0, nameof(Ending.BySelf), nameof(Sign.Stopped))]
    [InlineData(1, nameof(Ending.ByPerson), nameof(Sign.Stopped))]
    [InlineData(137, nameof(Ending.ByPerson), nameof(Sign.Stopped))]
    [InlineData(143, nameof(Ending.WithEngine), nameof(Sign.Dead))]
    [InlineData(1, nameof(Ending.Unknown), nameof(Sign.Dead))]
    [InlineData(137, nameof(Ending.Unknown), nameof(Sign.Stopped))]
    public void Container_is_read_by_who_ended_it_when_the_engine_has_told(long exitCode, string ending, string sign) =>
        Assert.Equal(sign, ContainerReading.Read("exited", null, exitCode, false, Enum.Parse<Ending>(ending)).Sign.ToString());

    [Theory]
    [InlineData(nameof(Ending.Unknown))]
    [InlineData(nameof(Ending.BySelf))]
    [InlineData(nameof(Ending.ByPerson))]
    [InlineData(nameof(Ending.WithEngine))]
    public void Container_that_the_kernel_ended_for_want_of_memory_is_told_as_that_whoever_else_is_suspected(string ending) => Assert.Equal(
        new Sighting(Sign.Dead, "It ran out of memory."), ContainerReading.Read("exited", null, 137, true, Enum.Parse<Ending>(ending)));

    [Theory]
    [InlineData("oom die", true)]
    [InlineData("die", false)]
    [InlineData("oom 6s die", false)]
    [InlineData("oom start die", false)]
    [InlineData("oom die start", false)]
    [InlineData("oom kill die", false)]
    public void Engines_word_that_memory_ran_out_counts_for_the_end_that_follows_at_once(string told, bool ranOut)
    {
        var (lives, at) = (new ContainerLives(TimeProvider.System), DateTimeOffset.UtcNow);
        foreach (var word in told.Split(' '))
        {
            at += TimeSpan.FromSeconds(word == "6s" ? 6 : 0.1);
            lives.Note(new Message
            {
                Action = word,
                Actor = new Actor { ID = "id", Attributes = new Dictionary<string, string> { ["signal"] = "9" } },
                TimeNano = (at - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick,
            });
        }

        Assert.Equal(ranOut, lives.RanOutOfMemory("id"));
    }

    [Theory]
    [InlineData("Up 5 minutes (unhealthy)", "unhealthy")]
    [InlineData("Up 5 minutes (healthy)", "healthy")]
    [InlineData("Up 1 second (health: starting)", "starting")]
    [InlineData("Up 5 minutes", null)]
    [InlineData(null, null)]
    public void Health_is_read_from_the_engines_list(string? status, string? health) =>
        Assert.Equal(health, ContainerReading.HealthIn(status));
}
