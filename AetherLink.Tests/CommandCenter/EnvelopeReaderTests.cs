using System.Text;
using AetherLink.CommandCenter.Events;
using static AetherLink.Tests.CommandCenter.Envelopes;

namespace AetherLink.Tests.CommandCenter;

public sealed class EnvelopeReaderTests
{
    [Fact]
    public void Envelope_is_filled_in_when_only_the_required_fields_are_there()
    {
        var arrival = new Arrival(Now, Origin.Http) { TraceId = "4bf92f3577b34da6a3ce929d0e0e4736", Publisher = "p", ClientIp = "::1" };

        var draft = Read("""{"event_type":"lead.created","source":"crm","payload":{"a":1}}""", arrival).Draft!;

        Assert.Equal(
            ("lead.created", "crm", "default", Severity.Info, Now, "4bf92f3577b34da6a3ce929d0e0e4736", "p", "::1", "{\"a\":1}"),
            (draft.EventType, draft.Source, draft.TenantId, draft.Severity, draft.Timestamp, draft.TraceId, draft.Publisher,
                draft.ClientIp, Encoding.UTF8.GetString(draft.Payload)));
        Assert.Equal(7, Guid.Parse(draft.EventId).Version);
        Assert.Equal(draft.EventId, draft.DedupeKey);
    }

    [Fact]
    public void Envelope_names_every_wrong_field_at_once()
    {
        var reading = Read(
            """
            {"event_type":"no.such","source":"","payload":[],"timestamp":"yesterday","tenant_id":7,"severity":"loud",
             "event_id":"a\u0000b","trace_id":"xyz"}
            """);

        Assert.Equal(
            ["event_id", "event_type", "payload", "severity", "source", "tenant_id", "timestamp", "trace_id"],
            reading.Errors.Select(error => error.Field).Order());
        Assert.Equal(400, reading.Status);
    }

    [Theory]
    [InlineData("", "body")]
    [InlineData("[]", "body")]
    [InlineData("{\"event_type\":", "body")]
    [InlineData("{}", "event_type,source,payload")]
    [InlineData("""{"event_type":"lead.created","source":"s","payload":null}""", "payload")]
    [InlineData("""{"event_type":"lead.created","source":"s","payload":{"a":"\ud800"}}""", "payload")]
    [InlineData("""{"event_type":"lead.created","source":"\ud800","payload":{}}""", "source")]
    [InlineData("""{"event_type":"lead.created","source":"s","payload":{},"\ud800vent_id":"1"}""", "body")]
    [InlineData("""{"event_type":"lead.created","source":"s","payload":{},"timestamp":"\ud800"}""", "timestamp")]
    [InlineData("""{"event_type":"lead.created","source":"s","payload":{},"timestamp":"2026-02-01T12:00:01Z"}""", "timestamp")]
    [InlineData("""{"event_type":"lead.created","source":"s","payload":{},"timestamp":1700000000}""", "timestamp")]
    [InlineData("""{"event_type":"lead.created","source":"s","payload":{},"trace_id":"00000000000000000000000000000000"}""", "trace_id")]
    public void Envelope_is_refused_when(string json, string fields) =>
        Assert.Equal(fields.Split(','), Read(json).Errors.Select(error => error.Field));

    [Theory]
    [InlineData("2026-01-31T13:00:00+01:00")]
    [InlineData("2026-01-31T12:00:00Z")]
    [InlineData("2026-01-31T12:00:00")]
    public void Timestamp_is_taken_as_UTC_unless_it_says_otherwise(string text) =>
        Assert.Equal(Now, Read($$"""{"event_type":"lead.created","source":"s","payload":{},"timestamp":"{{text}}"}""").Draft!.Timestamp);

    [Fact]
    public void Tenant_of_another_is_forbidden_and_the_callers_own_is_the_default()
    {
        var arrival = new Arrival(Now, Origin.Http) { CallerTenant = "mine" };

        Assert.Equal(403, Read("""{"event_type":"lead.created","source":"s","payload":{},"tenant_id":"theirs"}""", arrival).Status);
        Assert.Equal("mine", Read("""{"event_type":"lead.created","source":"s","payload":{}}""", arrival).Draft!.TenantId);
    }

    [Fact]
    public void Tenant_of_the_caller_that_is_too_long_is_refused_as_one_in_the_body_is()
    {
        var arrival = new Arrival(Now, Origin.Http) { CallerTenant = new('t', 129) };

        Assert.Equal("tenant_id", Assert.Single(Read("""{"event_type":"lead.created","source":"s","payload":{}}""", arrival).Errors).Field);
    }

    [Fact]
    public void Event_over_64_kB_is_too_large() =>
        Assert.Equal(413, Read($$$"""{"event_type":"lead.created","source":"s","payload":{"a":"{{{new string('x', 65_536)}}}"}}""").Status);

    [Fact]
    public void CloudEvent_is_taken_as_an_event_of_its_source_and_id()
    {
        var draft = Read(
            """
            {"specversion":"1.0","type":"lead.created","source":"/crm","id":"7","time":"2026-01-31T11:00:00Z","tenantid":"t",
             "severity":"error","traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
             "datacontenttype":"application/json","data":{"a":1}}
            """, cloudEvent: true).Draft!;

        Assert.Equal(
            ("7", "/crm\n7", "t", Severity.Error, "4bf92f3577b34da6a3ce929d0e0e4736", Now.AddHours(-1)),
            (draft.EventId, draft.DedupeKey, draft.TenantId, draft.Severity, draft.TraceId, draft.Timestamp));
    }

    [Fact]
    public void CloudEvent_names_every_wrong_attribute_at_once() => Assert.Equal(
        ["data", "data_base64", "id", "source", "specversion", "type"],
        Read("""{"specversion":"0.3","type":"x","data":"text","data_base64":"AA=="}""", cloudEvent: true)
            .Errors.Select(error => error.Field).Order());

    [Fact]
    public void Body_hash_tells_another_body_from_a_repetition()
    {
        long Hash(string payload) => Read($$$"""{"event_type":"lead.created","source":"s","payload":{{{payload}}}}""").Draft!.BodyHash;

        Assert.Equal(Hash("{\"a\":1}"), Hash("{\"a\":1}"));
        Assert.NotEqual(Hash("{\"a\":1}"), Hash("{\"a\":2}"));
    }
}
