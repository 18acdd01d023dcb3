using AetherLink.CommandCenter.Deliveries;
using AetherLink.CommandCenter.Deliveries.Dispatching;
using AetherLink.CommandCenter.Deliveries.Enqueuing;
using AetherLink.CommandCenter.Deliveries.Scheduling;
using AetherLink.CommandCenter.Events;
using AetherLink.Tests.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AetherLink.Tests.CommandCenter.Deliveries;

/// <summary>What is leased with its enqueuing. Each in a transaction that is rolled back, so that no dispatcher finds it.</summary>
public sealed class EnqueuingTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private const long Holder = 4711;

    private DeliveringCommandCenter _center = null!;
    private NpgsqlConnection _connection = null!;
    private NpgsqlTransaction _transaction = null!;
    private Guid _endpoint;
    private long _sequence = 1_000_000;

    public async Task InitializeAsync()
    {
        _center = await DeliveringCommandCenter.StartAsync(database);
        (_endpoint, _) = await _center.AddWebhookAsync();
        _connection = await _center.Source.OpenConnectionAsync();
        _transaction = await _connection.BeginTransactionAsync();
        await ExecuteAsync($"update command_center.webhook_endpoints set last_success_at = now() where id = '{_endpoint}'");
    }

    public async Task DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
        await _center.DisposeAsync();
    }

    [Fact]
    public async Task Deliveries_are_leased_with_their_enqueuing_and_only_as_many_as_there_is_room_for()
    {
        var made = New(4);

        var (leased, isLeft, _) = await EnqueueAsync(made, Room(busy: 2, concurrency: 5));

        Assert.Equal(made.Take(3).Select(one => one.Id), leased.Select(claim => claim.DeliveryId));
        Assert.All(leased, claim => Assert.Equal((1, 0, true, _endpoint), (claim.Fence, claim.Failed, claim.FilledTheRoom, claim.Endpoint)));
        Assert.Equal(made[0].Body, leased[0].Message.Body);
        // The end of one of the three asks for the fourth.
        Assert.False(isLeft);
        Assert.Equal(3L, await CountAsync($"holder = {Holder} and fence = 1 and lease_until > now() and due_at = lease_until"));
        Assert.Equal(1L, await CountAsync("holder is null and fence = 0 and lease_until is null and due_at <= now()"));
    }

    [Fact]
    public async Task No_more_is_leased_than_this_replica_has_places_for()
    {
        Assert.Equal((1, true), Counted(await EnqueueAsync(New(2), Room(places: 1))));
        Assert.Equal((0, true), Counted(await EnqueueAsync(New(2), (null, Options(32)))));
    }

    [Fact]
    public async Task Deliveries_queue_up_behind_what_is_due()
    {
        await EnqueueAsync(New(1), (null, Options(32)));

        Assert.Equal((0, true), Counted(await EnqueueAsync(New(2), Room())));
    }

    [Theory]
    [InlineData("cooldown_until = now() + interval '1 min'")]
    [InlineData("enabled = false, disabled_reason = 'By hand.'")]
    public async Task Deliveries_to_an_endpoint_that_is_not_sent_to_wait_and_nobody_is_woken(string change)
    {
        await ExecuteAsync($"update command_center.webhook_endpoints set {change} where id = '{_endpoint}'");

        Assert.Equal((0, false), Counted(await EnqueueAsync(New(2), Room())));
    }

    [Fact]
    public async Task Endpoint_that_keeps_failing_is_asked_with_one_at_a_time()
    {
        await ExecuteAsync($"update command_center.webhook_endpoints set failures = {EndpointHealth.FailuresBeforeCooldown} where id = '{_endpoint}'");

        Assert.Equal((1, false), Counted(await EnqueueAsync(New(3), Room())));
    }

    [Theory]
    [InlineData("last_success_at = null")]
    [InlineData("updated_at = last_success_at + interval '1 s'")]
    public async Task Endpoint_that_has_not_answered_since_it_was_made_or_changed_is_asked_with_a_few(string change)
    {
        await ExecuteAsync($"update command_center.webhook_endpoints set {change} where id = '{_endpoint}'");

        Assert.Equal((4, false), Counted(await EnqueueAsync(New(6), Room())));
    }

    [Fact]
    public async Task Endpoint_that_fails_gets_no_more_than_is_spare_for_those_that_are_not_well()
    {
        await ExecuteAsync($"update command_center.webhook_endpoints set failures = 1 where id = '{_endpoint}'");

        Assert.Equal((1, true), Counted(await EnqueueAsync(New(3), Room(busy: 2, unwell: 3))));
    }

    [Fact]
    public async Task Other_replicas_are_told_of_what_this_one_has_no_room_for_when_there_are_others()
    {
        var own = _center.Service.Services.GetRequiredService<Holding>();
        await using var dispatchers = _center.Source.CreateCommand("select count(*) from command_center.delivery_dispatchers");
        await Eventually.True(
            async () => own.Holder is not null && await dispatchers.ExecuteScalarAsync() is 1L, DeliveringCommandCenter.Soon, "the one that runs is the only one");

        var beside = await EnqueueAsync(New(2), Room(concurrency: 1));
        var alone = await EnqueueAsync(New(2), Room(concurrency: 1, holder: own.Holder!.Value));

        Assert.Equal((1, false, 1), (beside.Leased.Count, beside.IsLeft, beside.Told));
        Assert.Equal((0, 0), (alone.Leased.Count, alone.Told));
    }

    private static (int Leased, bool IsLeft) Counted((List<Claim> Leased, bool IsLeft, int Told) one) => (one.Leased.Count, one.IsLeft);

    private (Vacancy, DeliveryOptions) Room(int busy = 0, int concurrency = 32, int places = 100, int unwell = 50, long holder = Holder) =>
        (new(holder, places, concurrency, unwell, new Dictionary<Guid, int> { [_endpoint] = busy }, [], () => { }), Options(concurrency));

    private static DeliveryOptions Options(int concurrency) => new() { EndpointConcurrency = concurrency };

    private async Task<(List<Claim> Leased, bool IsLeft, int Told)> EnqueueAsync(NewDelivery[] deliveries, (Vacancy? Vacancy, DeliveryOptions Options) room)
    {
        await using var batch = new NpgsqlBatch(_connection, _transaction);
        DeliveryWriter.AddTo(batch, deliveries, room.Vacancy, room.Options);
        await using var rows = await batch.ExecuteReaderAsync();
        var (leased, isLeft, told) = (new List<Claim>(), false, 0);
        while (await rows.ReadAsync())
        {
            isLeft |= DeliveryWriter.IsLeft(rows);
            // The column of the notification.
            told += rows.IsDBNull(9) ? 0 : 1;
            if (DeliveryWriter.Leased(rows, deliveries.Single(one => one.Id == DeliveryWriter.Id(rows))) is { } claim)
            {
                leased.Add(claim);
            }
        }
        return ([.. leased.OrderBy(claim => claim.DeliveryId)], isLeft, told);
    }

    private NewDelivery[] New(int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ =>
        {
            var sequence = ++_sequence;
            // In the order of their making, as the ids of version 7 are.
            var id = new Guid((int)sequence, 0, 0, new byte[8]);
            return new NewDelivery
            {
                Id = id,
                MessageId = NewDelivery.MessageIdOf(id),
                EndpointId = _endpoint,
                TenantId = _center.Tenant,
                EventId = $"e{sequence}",
                EventSequence = sequence,
                EventType = "lead.created",
                Severity = Severity.Info,
                CreatedAt = DateTimeOffset.UtcNow,
                Body = [(byte)sequence],
            };
        }),
    ];

    private async Task<long> CountAsync(string where)
    {
        await using var command = new NpgsqlCommand($"select count(*) from command_center.delivery_queue where {where}", _connection, _transaction);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection, _transaction);
        await command.ExecuteNonQueryAsync();
    }
}
