using AetherLink.CommandCenter.Deliveries.Bodies;
using AetherLink.CommandCenter.Deliveries.Dispatching;
using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.CommandCenter.Events.Querying;
using AetherLink.CommandCenter.Following;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AetherLink.CommandCenter.Deliveries.Enqueuing;

/// <summary>Turns events into deliveries: one for each endpoint whose filter matches.</summary>
internal sealed class DeliveryFollower(
    FollowerServices services, Dispatcher dispatcher, DispatchSignal signal, DeliveryMetrics metrics, IOptions<DeliveryOptions> options,
    ILogger<DeliveryFollower> logger) : EventFollower("deliveries", services, logger)
{
    /// <summary>Notifications whose window has ended, at once.</summary>
    private const int MostUntold = 100;

    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(1);

    private readonly DeliveryOptions _options = options.Value;
    private readonly TimeSpan _window = options.Value.DedupWindow;

    // What the transaction under way enqueues, and what of it goes out from here as soon as that has committed.
    private readonly Dictionary<Guid, NewDelivery> _enqueued = [];
    private readonly List<Claim> _leased = [];

    // Endpoints of a kind are sent the same bytes: written for each, those of a page of large events would be more than there is memory for.
    private readonly Dictionary<(long Sequence, EndpointKind Kind, int Folded), byte[]> _bodies = [];

    private List<WebhookEndpoint> _endpoints = [];
    private Vacancy? _vacancy;
    private int _folded;
    private bool _isLeft;
    private long _swept;

    protected override string Version => "(select version from command_center.webhook_version)";

    protected override async ValueTask<EventFilter?> FilterAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        _endpoints = await EndpointStore.EnabledAsync(connection, cancellationToken);
        string[] patterns = [.. _endpoints.SelectMany(endpoint => endpoint.EventTypes).Distinct(StringComparer.Ordinal).Select(Like)];
        return patterns.Length > 0 ? EventFilter.All with { TypePatterns = patterns } : null;
    }

    protected override async Task CommitAsync(Func<NpgsqlBatch, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        _enqueued.Clear();
        _leased.Clear();
        _bodies.Clear();
        (_folded, _isLeft) = (0, false);
        try
        {
            await base.CommitAsync(work, cancellationToken);
        }
        finally
        {
            _vacancy?.Dispose();
            _vacancy = null;
        }
    }

    protected override async Task HandleAsync(IReadOnlyList<StoredEvent> page, NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        var wanted = page.SelectMany(Wanted).ToList();
        if (wanted.Count == 0)
        {
            return;
        }
        var keys = wanted.Select(one => one.Key).OfType<NotificationKey>().ToHashSet();
        var known = keys.Count > 0 ? await NotificationStore.ReadAsync(keys, batch.Connection!, cancellationToken) : [];
        var deliveries = new List<NewDelivery>();
        var changed = new Dictionary<NotificationKey, LastNotification>();
        foreach (var (stored, endpoint, rule, key) in wanted)
        {
            var last = key is { } one ? changed.GetValueOrDefault(one) ?? known.GetValueOrDefault(one) : null;
            if (last?.Folds(stored.ReceivedAt, _window) is true)
            {
                changed[key!.Value] = last.With(stored.Sequence, stored.EventType);
                continue;
            }
            var delivery = Made(stored, endpoint, rule, last?.Folded ?? 0);
            deliveries.Add(delivery);
            if (key is { } notified)
            {
                changed[notified] = new(stored.ReceivedAt, delivery.Id, stored.EventType);
            }
        }
        await EnqueueAsync(deliveries, changed, batch, cancellationToken);
        _folded = wanted.Count - deliveries.Count;
    }

    protected override void OnRow(NpgsqlDataReader row)
    {
        _isLeft |= DeliveryWriter.IsLeft(row);
        if (DeliveryWriter.Leased(row, _enqueued[DeliveryWriter.Id(row)]) is { } leased)
        {
            _leased.Add(leased);
        }
    }

    protected override void OnCommitted()
    {
        dispatcher.Send(_leased);
        if (_isLeft)
        {
            signal.Pulse();
        }
        metrics.Enqueued(_enqueued.Count);
        metrics.Folded(_folded);
    }

    protected override async Task OnIdleAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (Clock.GetElapsedTime(_swept) < SweepEvery)
        {
            return;
        }
        _swept = Clock.GetTimestamp();
        await using var connection = await Services.Source.OpenConnectionAsync(cancellationToken);
        var untold = await NotificationStore.UntoldAsync(now - _window, MostUntold, connection, cancellationToken);
        if (untold.Count > 0)
        {
            await CommitAsync((batch, token) => TellAsync(untold, batch, token), cancellationToken);
        }
    }

    /// <summary>Tells what stood at the end of a window, when it is another thing than what was told at its beginning.</summary>
    private async Task TellAsync(
        Dictionary<NotificationKey, LastNotification> untold, NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        var deliveries = new List<NewDelivery>();
        var told = new Dictionary<NotificationKey, LastNotification>();
        foreach (var (key, last) in untold)
        {
            var sequence = last.PendingSequence!.Value;
            var stored = (await Services.Log.AfterAsync(sequence - 1, sequence, EventFilter.All, 1, cancellationToken)).SingleOrDefault();
            if (stored is null || _endpoints.Find(one => one.Id == key.EndpointId) is not { } endpoint)
            {
                told[key] = last with { PendingSequence = null, PendingType = null };
                continue;
            }
            var delivery = Made(stored, endpoint, AlertFacts.Of(stored).RuleId, last.Folded - 1);
            deliveries.Add(delivery);
            told[key] = new(ReadAt, delivery.Id, stored.EventType);
        }
        await EnqueueAsync(deliveries, told, batch, cancellationToken);
    }

    private async Task EnqueueAsync(
        List<NewDelivery> deliveries, Dictionary<NotificationKey, LastNotification> notifications, NpgsqlBatch batch,
        CancellationToken cancellationToken)
    {
        if (deliveries.Count > 0)
        {
            deliveries.ForEach(delivery => _enqueued.Add(delivery.Id, delivery));
            _vacancy = await dispatcher.ReserveAsync(cancellationToken);
            DeliveryWriter.AddTo(batch, deliveries, _vacancy, _options);
        }
        NotificationStore.AddTo(batch, notifications);
    }

    private IEnumerable<(StoredEvent Event, WebhookEndpoint Endpoint, string? Rule, NotificationKey? Key)> Wanted(StoredEvent stored)
    {
        AlertFacts? facts = null;
        foreach (var endpoint in _endpoints)
        {
            if (!EventMatching.Matches(endpoint, stored.TenantId, stored.EventType, stored.Severity))
            {
                continue;
            }
            facts ??= AlertFacts.Of(stored);
            if (!facts.Value.IsSilenced && facts.Value.About != endpoint.Id)
            {
                yield return (stored, endpoint, facts.Value.RuleId, facts.Value.Subject is { } subject
                    ? NotificationKey.Of(endpoint.Id, stored.TenantId, subject, facts.Value.Group)
                    : null);
            }
        }
    }

    private NewDelivery Made(StoredEvent stored, WebhookEndpoint endpoint, string? rule, int folded)
    {
        var id = Guid.CreateVersion7(ReadAt);
        return new()
        {
            Id = id,
            MessageId = NewDelivery.MessageIdOf(id),
            EndpointId = endpoint.Id,
            TenantId = stored.TenantId,
            EventId = stored.EventId,
            EventSequence = stored.Sequence,
            EventType = stored.EventType,
            Severity = stored.Severity,
            RuleId = rule,
            CreatedAt = ReadAt,
            Body = BodyOf(endpoint.Kind, stored, folded),
        };
    }

    private byte[] BodyOf(EndpointKind kind, StoredEvent stored, int folded)
    {
        if (!_bodies.TryGetValue((stored.Sequence, kind, folded), out var body))
        {
            _bodies[(stored.Sequence, kind, folded)] = body = Body.Of(kind, stored, folded);
        }
        return body;
    }

    private static string Like(string glob) => glob
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("%", "\\%", StringComparison.Ordinal)
        .Replace("_", "\\_", StringComparison.Ordinal)
        .Replace('*', '%');
}
