using System.Text;
using AetherLink.Web.Live;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AetherLink.Tests.Web;

public sealed class LiveWritingTests
{
    private const int MissedEvents = 500;
    private const int EventBytes = 10_000;

    [Fact]
    public async Task What_a_browser_had_missed_goes_out_in_portions()
    {
        var sent = new Portions();
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(sent));
        var data = Encoding.UTF8.GetBytes($$"""{"tenant_id":"acme","payload":"{{new string('x', EventBytes)}}"}""");
        using var reader = new LiveReader(tenant: null)
        {
            Missed = [.. Enumerable.Range(1, MissedEvents).Select(n => LiveMessage.Of(n, "lead.created", data))],
        };
        using var leaves = new CancellationTokenSource();

        var writing = LiveApi.WriteAsync(context, new LiveHub(), reader, TimeProvider.System, leaves.Token);
        await Eventually.True(() => sent.Length > MissedEvents * EventBytes, TimeSpan.FromSeconds(10));
        await leaves.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
        Assert.InRange(sent.Largest, 1, 100_000);
    }

    [Fact]
    public async Task Browser_of_a_quiet_tenant_is_told_how_far_the_feed_is_with_each_heartbeat()
    {
        using var sent = new MemoryStream();
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(sent));
        var hub = new LiveHub();
        hub.Publish(LiveMessage.Of(41, "lead.created", """{"tenant_id":"acme"}"""u8.ToArray()));
        using var reader = hub.Join("acme", after: 40)!;
        using var leaves = new CancellationTokenSource();

        var writing = LiveApi.WriteAsync(context, hub, reader, new FasterClock(), leaves.Token);
        hub.Publish(LiveMessage.Of(42, "lead.created", """{"tenant_id":"other"}"""u8.ToArray()));
        string Sent() => Encoding.UTF8.GetString(sent.ToArray());
        await Eventually.True(() => Sent().Split(": heartbeat").Length > 3, TimeSpan.FromSeconds(10), "three heartbeats");

        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
        // Once, and not with the next heartbeat again.
        Assert.Equal(2, Sent().Split("\n\nid: 42\n\n").Length);
        Assert.DoesNotContain("other", Sent(), StringComparison.Ordinal);
    }

    /// <summary>A hundred heartbeats in the time of one.</summary>
    private sealed class FasterClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime / 100, period / 100);
    }

    /// <summary>Counts what lies between two flushes.</summary>
    private sealed class Portions : MemoryStream
    {
        private long _flushed;

        public long Largest { get; private set; }

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            Largest = Math.Max(Largest, Length - _flushed);
            _flushed = Length;
            return Task.CompletedTask;
        }
    }
}
