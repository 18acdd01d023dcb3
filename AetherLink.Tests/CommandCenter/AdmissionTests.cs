using AetherLink.CommandCenter.Events.Committing;

namespace AetherLink.Tests.CommandCenter;

public sealed class AdmissionTests
{
    private static Submission Of(int events, int bytesEach = 2) =>
        new([.. Enumerable.Range(0, events).Select(n => Envelopes.Draft($"e{n}", payload: new string(' ', bytesEach)))]);

    [Fact]
    public void Queue_refuses_beyond_its_events_and_takes_again_when_some_have_left()
    {
        var admission = new Admission(mostEvents: 10, mostBytes: 1_000);
        var first = Of(6);

        Assert.True(admission.TryEnter(first));
        Assert.False(admission.TryEnter(Of(5)));
        Assert.True(admission.TryEnter(Of(4)));
        admission.Leave(first);
        Assert.True(admission.TryEnter(Of(6)));
        Assert.Equal(10, admission.Events);
    }

    [Fact]
    public void Queue_refuses_beyond_its_bytes()
    {
        var admission = new Admission(mostEvents: 1_000, mostBytes: 100);

        Assert.True(admission.TryEnter(Of(1, 60)));
        Assert.False(admission.TryEnter(Of(1, 60)));
    }

    [Fact]
    public void Empty_queue_takes_anything() => Assert.True(new Admission(mostEvents: 1, mostBytes: 1).TryEnter(Of(100)));
}
