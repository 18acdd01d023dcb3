using AetherLink.CommandCenter.Deliveries;
using AetherLink.CommandCenter.Deliveries.Dispatching;
using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.CommandCenter.Deliveries.Scheduling;
using AetherLink.Tests.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AetherLink.Tests.CommandCenter.Deliveries;

/// <summary>The recording of attempts, by itself: what it waits for is done by hand.</summary>
public sealed class RecordingTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private readonly StandingClock _clock = new();
    private readonly InFlight _inFlight = new(TimeProvider.System);
    private DeliveringCommandCenter _center = null!;
    private Recording _recording = null!;
    private Guid _endpoint;

    public async Task InitializeAsync()
    {
        _center = await DeliveringCommandCenter.StartAsync(database);
        (_endpoint, _) = await _center.AddWebhookAsync();
        _recording = Recorder(_center.Service.Services);
        await _recording.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _recording.StopAsync(CancellationToken.None);
        _recording.Dispose();
        await _center.DisposeAsync();
    }

    [Fact]
    public async Task What_failed_is_recorded_with_what_succeeds_next_in_one_transaction()
    {
        var (first, second, third) = (await LeasedAsync(), await LeasedAsync(), await LeasedAsync());

        _recording.Add(Ended(first, AttemptError.ReadTimeout));
        await Eventually.True(() => _clock.Timers == 1, DeliveringCommandCenter.Soon, "it waits for company");
        _recording.Add(Ended(second, AttemptError.ReadTimeout));
        Assert.Equal(0, await RecordedAsync("count(*)"));
        _recording.Add(Ended(third, AttemptError.None));

        await Eventually.True(async () => await RecordedAsync("count(*)") == 3, DeliveringCommandCenter.Soon, "all are recorded");
        Assert.Equal(1, await RecordedAsync("count(distinct a.xmin::text)"));
    }

    [Fact]
    public async Task What_failed_is_recorded_alone_when_nothing_else_comes_and_at_the_end()
    {
        _recording.Add(Ended(await LeasedAsync(), AttemptError.ReadTimeout));
        await Eventually.True(() => _clock.Timers == 1, DeliveringCommandCenter.Soon, "it waits for company");
        _clock.Fire();
        await Eventually.True(async () => await RecordedAsync("count(*)") == 1, DeliveringCommandCenter.Soon, "the first is recorded");

        _recording.Add(Ended(await LeasedAsync(), AttemptError.ReadTimeout));
        await _recording.StopAsync(CancellationToken.None);

        Assert.Equal(2, await RecordedAsync("count(*)"));
        Assert.Equal(0, _inFlight.All);
    }

    [Fact]
    public async Task Endpoint_that_failed_and_then_succeeded_within_one_transaction_answers_again()
    {
        var (first, second) = (await LeasedAsync(), await LeasedAsync());

        _recording.Add(Ended(first, AttemptError.ReadTimeout));
        await Eventually.True(() => _clock.Timers == 1, DeliveringCommandCenter.Soon, "it waits for company");
        _recording.Add(Ended(second, AttemptError.None));

        await Eventually.True(async () => await RecordedAsync("count(*)") == 2, DeliveringCommandCenter.Soon, "both are recorded");
        var webhook = await _center.Admin.JsonAsync($"/alerts/webhooks/{_endpoint}");
        Assert.Equal((0, null), ((int)webhook["failures"]!, (string?)webhook["failing_since"]));
        Assert.True((DateTimeOffset)webhook["last_success_at"]! >= (DateTimeOffset)webhook["last_failure_at"]!);
    }

    private Recording Recorder(IServiceProvider services) => new(
        services.GetRequiredService<AttemptRecord>(), _inFlight, new(), new(), services.GetRequiredService<DeliveryMetrics>(), _clock, NullLogger<Recording>.Instance);

    private static Attempt Ended(Claim claim, AttemptError error) =>
        new(claim, new(claim.Message.At, TimeSpan.FromSeconds(1), error is AttemptError.None ? 200 : null, error, null, null));

    /// <summary>By nobody who runs, so that nobody else sends it.</summary>
    private async Task<Claim> LeasedAsync()
    {
        var id = Guid.CreateVersion7();
        await _center.ExecuteAsync(
            """
            with made as (
                insert into command_center.deliveries (id, message_id, endpoint_id, tenant_id, event_id, event_type, severity, created_at, body)
                values ($1, 'm', $2, $3, 'e', 'lead.created', 0, now(), '{}'))
            insert into command_center.delivery_queue (delivery_id, endpoint_id, tenant_id, due_at, lease_until, holder, fence)
            values ($1, $2, $3, now() + interval '1 min', now() + interval '1 min', 4711, 1)
            """, id, _endpoint, _center.Tenant);
        _inFlight.Enter(_endpoint, filledTheRoom: false);
        return new(
            id, Fence: 1, Failed: 0, FilledTheRoom: false, new(_center.Tenant, "lead.created", "e", null), _endpoint,
            new("m", DateTimeOffset.UtcNow, _endpoint, EndpointKind.Standard, EndpointUrl.Stored("https://receiver.example/hook"), [], []));
    }

    private async Task<long> RecordedAsync(string what)
    {
        await using var command = _center.Source.CreateCommand(
            $"select {what} from command_center.delivery_attempts a join command_center.deliveries d on d.id = a.delivery_id where d.tenant_id = '{_center.Tenant}'");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Its timers end when they are told to.</summary>
    private sealed class StandingClock : TimeProvider
    {
        private readonly Lock _lock = new();
        private readonly List<Action> _timers = [];

        public int Timers
        {
            get
            {
                lock (_lock)
                {
                    return _timers.Count;
                }
            }
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            lock (_lock)
            {
                _timers.Add(() => callback(state));
            }
            return new StandingTimer();
        }

        public void Fire()
        {
            List<Action> due;
            lock (_lock)
            {
                due = [.. _timers];
                _timers.Clear();
            }
            due.ForEach(timer => timer());
        }

        private sealed class StandingTimer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
