using System.Net;
using System.Threading.Channels;
using AetherLink.ServiceDefaults;

namespace AetherLink.Web.Denials;

/// <summary>
/// Tells the Command Center whom the gateway itself has refused. It has no Kafka, and no spool, which replicas that share their sessions'
/// folder could not share; so it publishes by HTTP, beside the requests, and waits while the Command Center is away.
/// </summary>
internal sealed class DenialTelling(
    IHttpClientFactory clients, ServiceIdentity identity, DroppedDenials dropped, ILogger<DenialTelling> logger, TimeProvider clock)
    : BackgroundLoop(logger, clock), IDenialSink, IHostedLifecycleService
{
    public const string Client = "command-center-denials";

    /// <summary>Some ten minutes of an attack: denials are folded before they come here.</summary>
    internal const int Most = 1_000;

    private const int AtOnce = 100;
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    /// <summary>An end does not wait for a Command Center that ends with it.</summary>
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(1);

    private readonly Channel<OpsEvent> _queue = Channel.CreateBounded<OpsEvent>(
        new BoundedChannelOptions(Most) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true }, _ => dropped.Add());

    /// <summary>What is being told: while it is not taken, nothing else is.</summary>
    private readonly List<OpsEvent> _batch = [];

    private bool _isAway;

    public void Take(OpsEvent denial) => _queue.Writer.TryWrite(denial with { Source = identity.Resource });

    protected override async Task RunAsync(CancellationToken stopping)
    {
        while (_batch.Count > 0 || await _queue.Reader.WaitToReadAsync(stopping))
        {
            Fill();
            while (!await IsTakenAsync(stopping))
                await Task.Delay(Again, Clock, stopping);
        }
    }

    /// <summary>What was folded until the end is told when everybody else has ended.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        Fill();
        if (_batch.Count == 0)
            return;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(LastPatience);
        try
        {
            await IsTakenAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Log.DenialsNotTold(logger, "this gateway ends");
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Fill()
    {
        while (_batch.Count < AtOnce && _queue.Reader.TryRead(out var denial))
            _batch.Add(denial);
    }

    /// <summary>False: later. An event is known by its id, so that one that was taken and not answered is stored once.</summary>
    private async Task<bool> IsTakenAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = clients.CreateClient(Client);
            using var answer = await client.PostAsJsonAsync("/events/publish/batch", _batch, Json.Wire, cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                _batch.Clear();
                _isAway = false;
                return true;
            }
            Complain($"it answered {(int)answer.StatusCode}");
            if (answer.StatusCode is not (HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge))
                return false;
            // What is wrong with them does not pass by waiting.
            _batch.Clear();
            return true;
        }
        catch (Exception away) when (away is HttpRequestException || (away is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Complain(away.Message);
            return false;
        }
    }

    /// <summary>Once, until it takes them again.</summary>
    private void Complain(string reason)
    {
        if (!_isAway)
            Log.DenialsNotTold(logger, reason);
        _isAway = true;
    }
}
