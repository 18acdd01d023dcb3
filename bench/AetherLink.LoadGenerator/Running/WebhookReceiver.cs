using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using AetherLink.LoadGenerator.Measuring;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AetherLink.LoadGenerator.Running;

/// <summary>
/// Receives webhooks in this process, on <c>/hook/{n}</c>: checks each signature, and notes when which event came to which
/// endpoint, by the number that the event carries.
/// </summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private const int DigitsOfNumber = 8;

    private readonly WebApplication _app;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private volatile Arrivals? _arrivals;
    private long _forged;

    private WebhookReceiver(WebApplication app) => _app = app;

    public IPEndPoint Address { get; private set; } = null!;

    /// <summary>As Standard Webhooks writes it.</summary>
    public string Secret => "whsec_" + Convert.ToBase64String(_key);

    /// <summary>Requests whose signature was not that of their body.</summary>
    public long Forged => Interlocked.Read(ref _forged);

    public static async Task<WebhookReceiver> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var receiver = new WebhookReceiver(builder.Build());
        receiver._app.Urls.Add("http://127.0.0.1:0");
        receiver._app.MapPost("/hook/{endpoint:int}", receiver.ReceiveAsync);
        receiver._app.MapPost("/bare", static async (HttpContext http) => await http.Request.Body.CopyToAsync(Stream.Null));
        await receiver._app.StartAsync(cancellationToken);
        receiver.Address = IPEndPoint.Parse(receiver._app.Urls.First()["http://".Length..]);
        return receiver;
    }

    /// <summary>From now on events are noted that carry this mark, a hyphen and their number.</summary>
    public Arrivals Begin(string mark, int events, int endpoints) => _arrivals = new(Encoding.ASCII.GetBytes(mark + "-"), events, endpoints);

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }

    private async Task ReceiveAsync(HttpContext http, int endpoint)
    {
        var body = new byte[(int)http.Request.ContentLength!];
        await http.Request.Body.ReadExactlyAsync(body, http.RequestAborted);
        var now = Clock.Now;
        if (!IsSigned(http.Request.Headers, body))
        {
            Interlocked.Increment(ref _forged);
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }
        if (_arrivals is { } arrivals && body.AsSpan().IndexOf(arrivals.Mark) is >= 0 and var at
            && Utf8Parser.TryParse(body.AsSpan(at + arrivals.Mark.Length, DigitsOfNumber), out int number, out _))
        {
            arrivals.Note(endpoint, number, now);
        }
    }

    private bool IsSigned(IHeaderDictionary headers, byte[] body)
    {
        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{headers["webhook-id"]}.{headers["webhook-timestamp"]}."));
        return headers["webhook-signature"] == "v1," + Convert.ToBase64String(HMACSHA256.HashData(_key, (byte[])[.. head, .. body]));
    }

    /// <summary>When which event first came to which endpoint; zero for not yet.</summary>
    internal sealed class Arrivals(byte[] mark, int events, int endpoints)
    {
        private readonly long[][] _first = [.. Enumerable.Range(0, endpoints).Select(_ => new long[events])];
        private int _seen;
        private long _newest;

        /// <summary>When the last of them came.</summary>
        public long Newest => Interlocked.Read(ref _newest);

        public byte[] Mark => mark;

        public int Seen => Volatile.Read(ref _seen);

        public void Note(int endpoint, int number, long at)
        {
            if (number < events && Interlocked.CompareExchange(ref _first[endpoint][number], at, 0) == 0)
            {
                Interlocked.Increment(ref _seen);
                NoteNewest(at);
            }
        }

        private void NoteNewest(long at)
        {
            long before;
            while ((before = Newest) < at && Interlocked.CompareExchange(ref _newest, at, before) != before)
            {
            }
        }

        /// <summary>From when each event was due to be published until it was there.</summary>
        public Histogram Since(long[] due, Histogram? others = null)
        {
            var histogram = others ?? new();
            foreach (var endpoint in _first)
            {
                for (var number = 0; number < events; number++)
                {
                    if (endpoint[number] > 0 && due[number] > 0)
                    {
                        histogram.Record(endpoint[number] - due[number]);
                    }
                }
            }
            return histogram;
        }

        /// <summary>Waits until so many came, as long as they keep coming.</summary>
        public async Task UntilAsync(int wanted, CancellationToken cancellationToken)
        {
            for (var (before, idle) = (-1, 0); Seen < wanted && idle < 50; idle = Seen == before ? idle + 1 : 0)
            {
                before = Seen;
                await Task.Delay(100, cancellationToken);
            }
        }
    }
}
