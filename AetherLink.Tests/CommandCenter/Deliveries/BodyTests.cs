using System.Text;
using System.Text.Json.Nodes;
using AetherLink.CommandCenter.Deliveries.Bodies;
using AetherLink.CommandCenter.Deliveries.Endpoints;
using AetherLink.CommandCenter.Events;
using AetherLink.CommandCenter.Events.Querying;

namespace AetherLink.Tests.CommandCenter.Deliveries;

public sealed class BodyTests
{
    private static readonly StoredEvent Raised = Envelopes.Stored(7, "acme", "ops.alert.raised") with
    {
        Severity = Severity.Critical,
        Payload = new("""
            {"alert_id":"a-1","rule_id":"r-1","rule_name":"Too <many> & *failures*","matched_count":12,"threshold":10,"window_seconds":60,"group":"svc_[x](http://evil)"}
            """u8.ToArray()),
    };

    [Fact]
    public void Standard_body_has_type_timestamp_and_the_event()
    {
        var body = Of(EndpointKind.Standard, Raised, folded: 3);

        Assert.Equal(["type", "timestamp", "data", "folded"], body.Select(field => field.Key));
        Assert.Equal(("ops.alert.raised", 3), ((string?)body["type"], (int)body["folded"]!));
        Assert.Equal(("e7", "acme", "critical", "a-1"), (
            (string?)body["data"]!["event_id"], (string?)body["data"]!["tenant_id"], (string?)body["data"]!["severity"], (string?)body["data"]!["payload"]!["alert_id"]));
    }

    [Fact]
    public void Slack_body_has_a_text_and_blocks_in_which_nothing_can_make_a_link_or_call_a_channel()
    {
        var body = Of(EndpointKind.Slack, Raised, folded: 2);

        Assert.Equal("Critical: Too &lt;many&gt; &amp; *failures*", (string?)body["text"]);
        Assert.Equal(["header", "section"], body["blocks"]!.AsArray().Select(block => (string?)block!["type"]));
        Assert.Equal("plain_text", (string?)body["blocks"]![0]!["text"]!["type"]);
        Assert.Contains("12 events within 60 s", (string?)body["blocks"]![1]!["text"]!["text"], StringComparison.Ordinal);
        var fields = body["blocks"]![1]!["fields"]!.AsArray();
        Assert.InRange(fields.Count, 1, 10);
        Assert.Contains(fields, field => ((string)field!["text"]!).Contains("2 more", StringComparison.Ordinal));
    }

    [Fact]
    public void Slack_body_keeps_within_its_limits_as_it_is_written_and_cuts_no_sign_in_two()
    {
        var text = string.Concat(Enumerable.Repeat("<&>", 2_000));
        var body = Of(EndpointKind.Slack, Raised with
        {
            EventType = "lead.created",
            Source = text[..250],
            Payload = new(Encoding.UTF8.GetBytes(new JsonObject { ["message"] = text, ["group"] = text, ["url"] = text }.ToJsonString())),
        });

        var section = body["blocks"]![1]!;
        Assert.InRange(((string)section["text"]!["text"]!).Length, 2_000, 3_000);
        Assert.All(section["fields"]!.AsArray(), field => Assert.InRange(((string)field!["text"]!).Length, 1, 2_000));
        Assert.Matches(@"\A(&(amp|lt|gt);)+…\z", (string)section["text"]!["text"]!);
    }

    [Theory]
    [InlineData("ops.alert.raised", "Critical: r", "12 events within 60 s; the threshold is 10.")]
    [InlineData("ops.alert.resolved", "Resolved: r", "Fewer than 10 events within 60 s again, after 12 in all.")]
    [InlineData("ops.alert.acknowledged", "Acknowledged: r", "ann takes care of it; 12 events so far.")]
    [InlineData("ops.alert.silenced", "Silenced: r", "By bob: a move (12 events so far)")]
    [InlineData("ops.alert.unsilenced", "Critical, no longer silenced: r", "Its silence has ended, and it goes on: 12 events so far.")]
    public void Notice_says_what_the_count_is_of(string type, string title, string text)
    {
        var notice = Notice.Of(Raised with
        {
            EventType = type,
            Payload = new("""
                {"rule_name":"r","matched_count":12,"threshold":10,"window_seconds":60,"acknowledged_by":"ann","silence_author":"bob","silence_reason":"a move"}
                """u8.ToArray()),
        }, folded: 0);

        Assert.Equal((title, text), (notice.Title, notice.Text));
    }

    [Fact]
    public void Teams_body_is_a_message_with_an_adaptive_card()
    {
        var body = Of(EndpointKind.Teams, Raised);

        var attachment = body["attachments"]!.AsArray().Single()!;
        Assert.Equal(("message", "application/vnd.microsoft.card.adaptive", "AdaptiveCard"),
            ((string?)body["type"], (string?)attachment["contentType"], (string?)attachment["content"]!["type"]));
        Assert.Equal(["TextBlock", "TextBlock", "FactSet"], attachment["content"]!["body"]!.AsArray().Select(part => (string?)part!["type"]));
        Assert.Equal("Attention", (string?)attachment["content"]!["body"]![0]!["color"]);
        Assert.DoesNotContain("[x](", body.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Discord_body_is_an_embed_that_mentions_nobody()
    {
        var body = Of(EndpointKind.Discord, Raised with { EventType = "ops.alert.resolved" });

        Assert.Empty(body["allowed_mentions"]!["parse"]!.AsArray());
        var embed = body["embeds"]!.AsArray().Single()!;
        Assert.Equal("Resolved: Too <many\\> & \\*failures\\*", (string?)embed["title"]);
        Assert.Equal(0x2ea043, (int)embed["color"]!);
        Assert.All(embed["fields"]!.AsArray(), field => Assert.NotEmpty((string)field!["value"]!));
    }

    [Theory]
    [InlineData(EndpointKind.Slack, 28_000)]
    [InlineData(EndpointKind.Teams, 28_000)]
    [InlineData(EndpointKind.Discord, 16_000)]
    public void Body_keeps_within_the_products_limits_however_long_the_texts(object kind, int most)
    {
        var text = string.Concat(Enumerable.Repeat("漢*😀", 3_000));
        var stored = Raised with
        {
            Source = text[..250],
            TenantId = text[..100],
            Payload = new(Encoding.UTF8.GetBytes(new JsonObject { ["rule_name"] = text, ["message"] = text, ["group"] = text, ["url"] = text, ["name"] = text }.ToJsonString())),
        };

        var bytes = Body.Of((EndpointKind)kind, stored, folded: 1);

        Assert.InRange(bytes.Length, 1, most);
        var written = Encoding.UTF8.GetString(bytes);
        Assert.DoesNotContain("�", written, StringComparison.Ordinal);
        if ((EndpointKind)kind is EndpointKind.Discord)
        {
            Assert.InRange(JsonNode.Parse(written)!["embeds"]![0]!.ToJsonString().Length, 1, 16_000);
            Assert.InRange(((string)JsonNode.Parse(written)!["embeds"]![0]!["title"]!).Length, 1, 256);
        }
    }

    [Theory]
    [InlineData("https://hooks.slack.com/services/T/B/x", EndpointKind.Slack)]
    [InlineData("https://discord.com/api/webhooks/1/x", EndpointKind.Discord)]
    [InlineData("https://discord.com/other", EndpointKind.Standard)]
    [InlineData("https://prod-1.westus.logic.azure.com:443/workflows/x/triggers/manual/paths/invoke?sig=x", EndpointKind.Teams)]
    [InlineData("https://default1.2.environment.api.powerplatform.com/powerautomate/automations/direct/workflows/x", EndpointKind.Teams)]
    [InlineData("https://acme.webhook.office.com/webhookb2/x", EndpointKind.Teams)]
    [InlineData("https://hooks.slack.com.evil.example/services", EndpointKind.Standard)]
    [InlineData("https://acme.example/hook", EndpointKind.Standard)]
    public void Kind_is_guessed_from_the_url(string url, object kind) => Assert.Equal((EndpointKind)kind, EndpointKinds.Guess(new Uri(url)));

    private static JsonObject Of(EndpointKind kind, StoredEvent stored, int folded = 0) => JsonNode.Parse(Body.Of(kind, stored, folded))!.AsObject();
}
