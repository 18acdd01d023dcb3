using AetherLink.AutoHeal.Governing;
using AetherLink.AutoHeal.Watching.Containers;
using AetherLink.Tests.ServiceDefaults;
using Docker.DotNet.Models;

namespace AetherLink.Tests.AutoHeal;

public sealed class ContainerLivesTests
{
    private readonly SetClock _clock = new();
    private readonly ContainerLives _lives;

    public ContainerLivesTests() => _lives = new(_clock);

    [Fact]
    public void What_a_person_ends_after_a_restart_of_ours_has_failed_is_theirs()
    {
        Tell("start");
        _lives.Commanded("id");
        _lives.CommandFailed("id");

        // The engine may still carry out what it was asked for.
        Tell("kill", "die");
        Assert.Equal(Ending.BySelf, _lives.EndingOf("id"));
        Tell("start");
        _clock.Advance(TimeSpan.FromMinutes(1));
        Tell("kill", "die");
        Assert.Equal(Ending.ByPerson, _lives.EndingOf("id"));
    }

    [Fact]
    public void What_a_person_ends_a_while_after_a_restart_that_never_began_is_theirs()
    {
        Tell("start");
        _lives.Commanded("id");
        _lives.CommandFailed("id");
        _clock.Advance(TimeSpan.FromMinutes(1));

        Tell("kill", "die");

        Assert.Equal(Ending.ByPerson, _lives.EndingOf("id"));
    }

    [Fact]
    public void What_ends_while_a_restart_of_ours_is_under_way_is_ours_however_long_that_takes()
    {
        Tell("start");
        _lives.Commanded("id");
        _clock.Advance(TimeSpan.FromMinutes(1));

        Tell("kill", "die");

        Assert.Equal(Ending.BySelf, _lives.EndingOf("id"));
    }

    [Theory]
    [InlineData("start die start die start die", true)]
    [InlineData("start die start die", false)]
    [InlineData("start die start die start kill die", false)]
    [InlineData("start die start die wait start die", false)]
    public void Container_that_its_policy_restarts_again_and_again_is_in_a_loop(string told, bool loops)
    {
        foreach (var word in told.Split(' '))
        {
            if (word == "wait")
                _clock.Advance(TimeSpan.FromMinutes(10));
            else
                Tell(word);
        }

        Assert.Equal(loops, _lives.IsLooping("id"));
        var sign = ContainerReading.Read("restarting", null, 1, false, Ending.BySelf, null, loops).Sign;
        Assert.Equal(loops ? Sign.Dead : Sign.Failing, sign);
    }

    [Fact]
    public void Restart_of_ours_is_a_new_beginning_for_what_was_in_a_loop()
    {
        Tell("start", "die", "start", "die", "start", "die");
        _lives.Commanded("id");
        Tell("start", "die");

        Assert.False(_lives.IsLooping("id"));
    }

    private void Tell(params string[] actions)
    {
        foreach (var action in actions)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            _lives.Note(new Message
            {
                Action = action,
                Actor = new Actor { ID = "id", Attributes = new Dictionary<string, string> { ["signal"] = "15" } },
                TimeNano = (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick,
            });
        }
    }
}
