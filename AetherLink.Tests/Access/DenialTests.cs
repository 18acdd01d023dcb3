using System.Collections.Concurrent;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.CommandCenter;
using AetherLink.Tests.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AetherLink.Tests.Access;

public sealed class DenialTests
{
    private readonly Sink _sink = new();

    [Fact]
    public async Task Denial_is_an_event_that_says_who_wanted_what_from_where()
    {
        await using var app = await ToyApp.StartAsync(
            app => app.MapGet("/things/{id}", (string id) => TypedResults.Ok(id)).RequireAuthorization(Policies.Configure),
            add: builder => builder.Services.AddSingleton<IDenialSink>(_sink));

        using var denied = await app.SendAsync("/things/secret", ("X-User-Roles", "viewer"), ("X-User-Name", "eve"), ("X-Tenant-ID", "acme"));

        var told = Assert.Single(_sink.Events);
        Assert.Equal((EventTypes.SecurityRbacDenied, "acme", "warning"), (told.EventType, told.TenantId, told.Severity));
        Assert.Equal(
            ("toy", 403, "eve", "viewer", "GET", "/things/{id}", 1L, "127.0.0.1"),
            ((string?)told.Payload["service"], (int)told.Payload["status"]!, (string?)told.Payload["caller"], (string?)told.Payload["roles"],
                (string?)told.Payload["method"], (string?)told.Payload["path"], (long)told.Payload["count"]!, (string?)told.Payload["client_ip"]));
        Assert.Empty(OwnEvents.Faults(told.EventType, told.Payload));
    }

    [Fact]
    public async Task What_a_caller_says_of_itself_is_told_only_as_far_as_an_event_can_hold_it()
    {
        await using var app = await ToyApp.StartAsync(
            app => app.MapGet("/things/{id}", (string id) => TypedResults.Ok(id)).RequireAuthorization(Policies.Configure),
            add: builder => builder.Services.AddSingleton<IDenialSink>(_sink));

        using var denied = await app.SendAsync(
            "/things/secret", ("X-User-Roles", "viewer"), ("X-User-Name", new string('e', 4_000)), ("X-Tenant-ID", new string('t', 4_000)));

        var told = Assert.Single(_sink.Events);
        Assert.Equal(("default", new string('e', 128)), (told.TenantId, (string?)told.Payload["caller"]));
    }

    [Fact]
    public void Denials_that_are_alike_are_two_events_a_minute_with_their_count()
    {
        var news = News();
        for (var tries = 0; tries < 10_000; tries++)
        {
            news.Note(Denied("eve"));
        }
        Assert.Single(_sink.Events);

        news.Flush();
        news.Flush();

        Assert.Equal([1, 9_999], Counts());
    }

    [Fact]
    public void Denials_that_all_differ_are_told_up_to_a_bound_and_the_rest_as_one()
    {
        var news = News();
        for (var tries = 0; tries < 10_000; tries++)
        {
            news.Note(Denied($"eve-{tries}"));
        }
        news.Flush();

        Assert.Equal(DenialNews.MostKinds + 2, _sink.Events.Count);
        Assert.Equal(10_000, Counts().Sum());
        Assert.Equal("(others)", (string?)_sink.Events.Last().Payload["caller"]);
    }

    private IEnumerable<long> Counts() => _sink.Events.Select(told => (long)told.Payload["count"]!);

    private DenialNews News() => new(_sink, new("toy", "toy", "1", "toy-1"), new SetClock());

    private static Denial Denied(string caller) => new(403, caller, "viewer", null, "203.0.113.9", "GET", "/things/{id}");

    private sealed class Sink : IDenialSink
    {
        public ConcurrentQueue<OpsEvent> Events { get; } = new();

        public void Take(OpsEvent denial) => Events.Enqueue(denial);
    }
}
