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
    public void CloudEvents_attributes_without_a_place_in_the_envelope_are_kept_in_the_payload()
    {
        var draft = Read(
            """
            {"specversion":"1.0","type":"lead.created","source":"/crm","id":"7","subject":"lead 7","dataschema":"urn:x","priority":5,
             "urgent":true,"nothing":null,"datacontenttype":"application/vnd.lead+json; v=1","data":{"name":"Jane"}}
            """, cloudEvent: true).Draft!;
        var bare = Read("""{"specversion":"1.0","type":"lead.created","source":"/crm","id":"8","subject":"s"}""", cloudEvent: true).Draft!;

        Assert.Equal(
            """{"name":"Jane","cloudevents":{"subject":"lead 7","dataschema":"urn:x","priority":5,"urgent":true}}""",
            Encoding.UTF8.GetString(draft.Payload));
        Assert.Equal("""{"cloudevents":{"subject":"s"}}""", Encoding.UTF8.GetString(bare.Payload));
    }

    [Theory]
    [InlineData("\"data\":{\"cloudevents\":1},\"subject\":\"s\"", "data.cloudevents")]
    [InlineData("\"data\":[1]", "data")]
    [InlineData("\"data\":\"text\"", "data")]
    [InlineData("\"datacontenttype\":\"text/xml\",\"data\":\"<a/>\"", "datacontenttype,data")]
    [InlineData("\"Subject\":\"s\"", "Subject")]
    [InlineData("\"priority\":1.5", "priority")]
    [InlineData("\"extension\":{}", "extension")]
    [InlineData("\"subject\":\"\"", "subject")]
    public void CloudEvent_is_refused_when(string more, string fields) => Assert.Equal(
        fields.Split(','),
        Read($$"""{"specversion":"1.0","type":"lead.created","source":"/crm","id":"7",{{more}}}""", cloudEvent: true).Errors.Select(error => error.Field));

    [Theory]
    [InlineData("service.health.failed", """{"url":7,"status":true}""",
        "payload.name: is required: a string; payload.url: must be a string, and is an integer; payload.status: must be a string, and is a boolean")]
    [InlineData("autoheal.succeeded", """{"service":{},"duration_ms":"1","verified":0.5}""",
        "payload.service: must be a string, and is an object; payload.duration_ms: must be a number, and is a string; payload.verified: must be a boolean, and is a number")]
    [InlineData("ops.events.pruned", """{"before":"b","events":1.0}""", "payload.events: must be an integer, and is a number")]
    [InlineData("ai.config.rejected", """{"file":null,"faults":[]}""", "payload.file: is required: a string")]
    public void Payload_that_its_schema_does_not_take_names_each_violation_with_what_was_expected_and_what_is_there(string type, string payload, string detail) =>
        Assert.Equal(detail, Read($$$"""{"event_type":"{{{type}}}","source":"s","payload":{{{payload}}}}""").Detail);

    [Theory]
    [InlineData("""{"name":"web"}""")]
    [InlineData("""{"name":"web","url":null}""")]
    [InlineData("""{"name":"web","more":{"a":[1]},"Name":7}""")]
    [InlineData("""{"name":7,"name":"the last of two counts"}""")]
    public void Payload_is_taken_with_fields_that_its_schema_does_not_know_and_without_those_that_are_not_required(string payload) =>
        Assert.True(Read($$$"""{"event_type":"service.health.failed","source":"s","payload":{{{payload}}}}""").IsValid);

    [Fact]
    public void Envelope_is_taken_with_fields_that_nobody_knows() =>
        Assert.True(Read("""{"event_type":"lead.created","source":"s","payload":{},"of_tomorrow":{"a":1},"Source":7}""").IsValid);

    [Fact]
    public void Body_hash_tells_another_body_from_a_repetition()
    {
        long Hash(string payload) => Read($$$"""{"event_type":"lead.created","source":"s","payload":{{{payload}}}}""").Draft!.BodyHash;

        Assert.Equal(Hash("{\"a\":1}"), Hash("{\"a\":1}"));
        Assert.NotEqual(Hash("{\"a\":1}"), Hash("{\"a\":2}"));
    }
}
