using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Kafka;
using static AetherLink.Tests.CommandCenter.Envelopes;

namespace AetherLink.Tests.CommandCenter;

public sealed class IncomingTests
{
    private static readonly Incoming Message = At("events [[0]] @7", "{}");

    [Fact]
    public void Message_that_comes_again_has_the_same_id_and_another_has_another()
    {
        Incoming[] others =
        [
            At("events [[0]] @8", "{}"),
            At("events [[0]] @7", "{ }"),
            At("events [[0]] @7", "{}") with { SentAt = Now.AddMilliseconds(1) },
        ];

        Assert.Equal(Message.Id(), At("events [[0]] @7", "{}").Id());
        Assert.Equal(4, others.Append(Message).Select(message => message.Id()).Distinct().Count());
        Assert.Equal(7, Message.Id().Version);
    }

    [Fact]
    public void Event_without_an_id_gets_that_of_its_message()
    {
        var arrival = new Arrival(Now, Origin.Kafka) { EventId = Message.Id().ToString() };

        Assert.Equal(Message.Id().ToString(), Read("""{"event_type":"lead.created","source":"s","payload":{}}""", arrival).Draft!.DedupeKey);
        Assert.Equal("own", Read("""{"event_type":"lead.created","source":"s","payload":{},"event_id":"own"}""", arrival).Draft!.DedupeKey);
    }

    private static Incoming At(string place, string value) =>
        new(place, Now, "key", System.Text.Encoding.UTF8.GetBytes(value), new Dictionary<string, string>(StringComparer.Ordinal));
}
