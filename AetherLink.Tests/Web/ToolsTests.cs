using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace AetherLink.Tests.Web;

/// <summary>What stands beside the mesh, as the gateway sees it: a Grafana that is a real HTTP server, one that is not there, one that hangs.</summary>
public sealed class ToolsTests : IAsyncLifetime
{
    private const string Hour = "from=2026-01-02T10:00:30Z&to=2026-01-02T11:00:30Z";

    private FakeMesh _grafana = null!;

    public async Task InitializeAsync()
    {
        _grafana = await FakeMesh.StartAsync();
        _grafana.Answers["/api/annotations"] = new object[]
        {
            new { id = 1, time = 1_767_349_200_000, timeEnd = 1_767_349_200_000, text = "deployed 2.4", tags = new[] { "aetherlink", "deploy" } },
            new { id = 2, time = 1_767_351_000_000, timeEnd = 1_767_351_060_000, text = new string('x', 400), tags = new[] { "aetherlink" } },
            new { id = 3, text = "of no time" },
        };
    }

    public async Task DisposeAsync() => await _grafana.DisposeAsync();

    [Fact]
    public async Task Annotations_are_read_from_Grafana_by_its_key_bounded_and_once_for_all_who_look()
    {
        await using var gateway = await StartAsync(("GRAFANA_URL", _grafana.Url), ("GRAFANA_API_KEY", "admin:secret"));
        using var browser = await gateway.SignInAsync("operator");
        using var other = await gateway.SignInAsync("admin");

        var answers = await Task.WhenAll(AnnotationsAsync(browser, Hour), AnnotationsAsync(other, Hour), AnnotationsAsync(browser, Hour));

        Assert.All(answers, answer => Assert.True(answer.GetProperty("available").GetBoolean()));
        var annotations = answers[0].GetProperty("annotations").EnumerateArray().ToList();
        Assert.Equal(2, annotations.Count);
        Assert.Equal("2026-01-02T10:50:00Z", annotations[0].GetProperty("at").GetString());
        Assert.Equal("2026-01-02T10:51:00Z", annotations[0].GetProperty("until").GetString());
        Assert.Equal(301, annotations[0].GetProperty("text").GetString()!.Length);
        Assert.Equal("""{"at":"2026-01-02T10:20:00Z","until":null,"text":"deployed 2.4","tags":["aetherlink","deploy"]}""", annotations[1].GetRawText());
        var asked = Assert.Single(_grafana.Requests, request => request.PathAndQuery.StartsWith("/api/annotations", StringComparison.Ordinal));
        Assert.Equal("/api/annotations?from=1767348000000&to=1767351660000&tags=aetherlink&limit=500", asked.PathAndQuery);
        Assert.Equal("Basic YWRtaW46c2VjcmV0", asked.Headers["Authorization"]);
    }

    [Fact]
    public async Task Grafana_that_is_away_hangs_or_refuses_is_no_fault_of_the_page()
    {
        using var hung = new TcpListener(IPAddress.Loopback, 0);
        hung.Start();
        _grafana.Statuses["/api/annotations"] = 401;
        foreach (var url in new[] { "http://127.0.0.1:9", $"http://127.0.0.1:{((IPEndPoint)hung.LocalEndpoint).Port}", _grafana.Url })
        {
            await using var gateway = await StartAsync(("GRAFANA_URL", url));
            using var browser = await gateway.SignInAsync("operator");

            Assert.Equal("""{"status":"ok","available":false,"annotations":[]}""", (await AnnotationsAsync(browser, Hour)).GetRawText());
        }
    }

    [Fact]
    public async Task Person_of_a_tenant_is_shown_no_annotation_and_a_span_that_is_none_is_refused_by_its_names()
    {
        await using var gateway = await StartAsync(("GRAFANA_URL", _grafana.Url));
        using var tenants = await gateway.SignInAsync("operator", "acme");
        using var browser = await gateway.SignInAsync("operator");

        Assert.False((await AnnotationsAsync(tenants, Hour)).GetProperty("available").GetBoolean());
        Assert.DoesNotContain(_grafana.Requests, request => request.PathAndQuery.StartsWith("/api/annotations", StringComparison.Ordinal));
        foreach (var (query, name) in new[] { ("", "from"), ("?from=2026-01-02T10:00:00Z", "to"), ("?from=2026-01-02T10:00:00Z&to=2026-01-02T09:00:00Z", "to"), ("?from=2026-01-02T10:00:00Z&to=2026-03-02T09:00:00Z", "to") })
        {
            using var answer = await browser.GetAsync($"/api/tools/annotations{query}");
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains(name, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Tools_that_answer_are_named_with_their_addresses_and_the_others_are_not()
    {
        await using var gateway = await StartAsync(("Tools:Grafana", _grafana.Url), ("Tools:Prometheus", "http://127.0.0.1:9"));
        using var browser = await gateway.SignInAsync("operator");
        using var agents = await gateway.SignInAsync("agent");

        using var answer = await browser.GetAsync("/api/tools");
        Assert.Equal($$"""{"status":"ok","tools":[{"name":"Grafana","url":"{{_grafana.Url}}"}]}""", await answer.Content.ReadAsStringAsync());
        using var refused = await agents.GetAsync("/api/tools");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Theory]
    [InlineData("Tools:Grafana", "javascript:alert(1)")]
    [InlineData("Tools:Dashboard", "http://user:password@host/")]
    [InlineData("GRAFANA_URL", "grafana")]
    public async Task Address_that_is_none_stops_the_start_and_is_named(string setting, string url)
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync((setting, url)));
        Assert.Contains(setting, refused.ToString(), StringComparison.Ordinal);
    }

    private Task<Gateway> StartAsync(params (string Name, string Value)[] settings) =>
        Gateway.StartAsync(_grafana.Url, settings: settings.ToDictionary(one => one.Name, one => (string?)one.Value));

    private static async Task<JsonElement> AnnotationsAsync(Browser browser, string query)
    {
        using var answer = await browser.GetAsync($"/api/tools/annotations?{query}");
        answer.EnsureSuccessStatusCode();
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }
}
