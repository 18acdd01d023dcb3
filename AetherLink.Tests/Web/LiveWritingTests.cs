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
