using System.Buffers;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using System.Text.Json;
using AetherLink.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AetherLink.Tests.ServiceDefaults;

public sealed class TelemetryTests
{
    [Fact]
    public async Task Prometheus_finds_the_frameworks_metrics_and_our_own()
    {
        await using var app = await ToyApp.StartAsync();
        var meter = app.Services.GetRequiredService<IMeterFactory>().Create("AetherLink.Toy");
        meter.CreateCounter<long>("toy_turns").Add(3);
        using var ping = await app.SendAsync("/ping");

        using var answer = await app.SendAsync("/metrics");

        var text = await answer.Content.ReadAsStringAsync();
        Assert.StartsWith("text/plain", answer.Content.Headers.ContentType?.ToString(), StringComparison.Ordinal);
        Assert.Matches("(?m)^toy_turns_total(\\{.*\\})? 3", text);
        Assert.Matches("(?m)^http_server_request_duration_seconds_count\\{.*http_route=\"/ping\".*\\} 1", text);
        Assert.Contains("dotnet_process_memory", text, StringComparison.Ordinal);
    }

    /// <summary>Among them are those of tenants' webhooks.</summary>
    [Fact]
    public async Task Metrics_tell_how_long_names_were_looked_up_and_not_which()
    {
        await using var app = await ToyApp.StartAsync();
        await Dns.GetHostAddressesAsync("localhost");

        var text = "";
        await Eventually.True(
            async () => (text = await app.Http.GetStringAsync("/metrics")).Contains("dns_lookup_duration_seconds_count", StringComparison.Ordinal),
            TimeSpan.FromSeconds(10));
        Assert.DoesNotContain("dns_question_name", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/health", null, true)]
    [InlineData("GET", "/ping", RequestAudit.ProbeAgent, true)]
    [InlineData("GET", "/ping", null, false)]
    [InlineData("GET", "/events/recent", RequestAudit.ProbeAgent, false)]
    [InlineData("POST", "/ping", RequestAudit.ProbeAgent, false)]
    public void Probe_has_no_trace_and_nobody_hides_a_request_by_a_probes_name(string method, string path, string? agent, bool isProbe)
    {
        var context = new Microsoft.AspNetCore.Http.DefaultHttpContext { Request = { Method = method, Path = path } };
        context.Request.Headers.UserAgent = agent;

        Assert.Equal(isProbe, Telemetry.IsProbe(context.Request));
    }

    [Fact]
    public void Log_line_is_one_flat_json_object()
    {
        var identity = new ServiceIdentity("toy", "the toy", "1.0.0", "toy-1");
        var text = new ArrayBufferWriter<byte>();
        KeyValuePair<string, object?>[] values =
        [
            new("DurationMs", 1.5), new("UserRoles", new[] { "operator", "admin" }), new("TenantId", null), new("Level", 3),
            new("{OriginalFormat}", "{...}"),
        ];

        new JsonLines(identity, new SetClock()).Write(
            new LogEntry<IReadOnlyList<KeyValuePair<string, object?>>>(
                LogLevel.Warning, "Toys", new EventId(7), values, null, (_, _) => "it \"turned\"\nround"),
            text);

        Assert.Equal(
            """{"timestamp":"2026-01-02T03:04:05.000Z","level":"warning","service":"toy","category":"Toys","event_id":7,"message":"it \"turned\"\nround","duration_ms":1.5,"user_roles":["operator","admin"],"tenant_id":null,"level_":3}"""
            + "\n",
            Encoding.UTF8.GetString(text.WrittenSpan));
        using var parsed = JsonDocument.Parse(text.WrittenMemory);
    }
}
