using System.Diagnostics;
using System.Net;

namespace Compat.Tests.Instrumentation;

public sealed class InstrumentationTests
{
    [Fact]
    public async Task Request_span_follows_the_conventions()
    {
        await using var server = await TracedServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/orders/7?token=secret&page=2&flag");
        request.Headers.UserAgent.ParseAdd("sample/1.0");
        await server.Client.SendAsync(request);

        var span = await server.SpanAsync(ActivityKind.Server);

        Assert.Equal("GET /orders/{id:int}", span.DisplayName);
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
        var tags = span.TagObjects.ToDictionary(tag => tag.Key, tag => tag.Value);
        Assert.True(tags.Remove("server.port"));
        Assert.Equal(
            new Dictionary<string, object?>
            {
                ["server.address"] = "127.0.0.1",
                ["http.request.method"] = "GET",
                ["user_agent.original"] = "sample/1.0",
                ["url.scheme"] = "http",
                ["url.path"] = "/orders/7",
                ["url.query"] = "?token=Redacted&page=Redacted&flag",
                ["network.protocol.version"] = "1.1",
                ["http.route"] = "/orders/{id:int}",
                ["http.response.status_code"] = 200,
            },
            tags);
    }

    [Fact]
    public async Task Client_mistake_is_no_error_of_the_server()
    {
        await using var server = await TracedServer.StartAsync();
        await server.Client.GetAsync("/orders/0");

        var span = await server.SpanAsync(ActivityKind.Server);

        Assert.Equal(404, span.GetTagItem("http.response.status_code"));
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
    }

    [Fact]
    public async Task Exception_marks_the_span_and_is_recorded_when_asked_for()
    {
        await using var server = await TracedServer.StartAsync(options => options.RecordException = true);
        await server.Client.GetAsync("/broken");

        var span = await server.SpanAsync(ActivityKind.Server);

        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.Equal(typeof(InvalidOperationException).FullName, span.GetTagItem("error.type"));
        Assert.Equal("exception", Assert.Single(span.Events).Name);
    }

    [Fact]
    public async Task Filtered_requests_have_no_span_also_when_the_filter_throws()
    {
        await using var server = await TracedServer.StartAsync(options => options.Filter = context =>
            context.Request.Path != "/orders/1" && (context.Request.Path != "/orders/2" ? true : throw new InvalidOperationException()));
        await server.Client.GetAsync("/orders/1");
        await server.Client.GetAsync("/orders/2");
        await server.Client.GetAsync("/orders/3");

        await server.SpanAsync(ActivityKind.Server);

        Assert.Equal("/orders/3", Assert.Single(server.Ended(ActivityKind.Server)).GetTagItem("url.path"));
    }

    [Fact]
    public async Task Incoming_span_is_a_child_of_the_outgoing_one()
    {
        await using var server = await TracedServer.StartAsync();
        await server.Client.GetAsync("/orders/7");

        var outgoing = await server.SpanAsync(ActivityKind.Client);
        var incoming = await server.SpanAsync(ActivityKind.Server);

        Assert.Equal(outgoing.SpanId, incoming.ParentSpanId);
        Assert.Equal("GET", outgoing.DisplayName);
        Assert.Equal(200, outgoing.GetTagItem("http.response.status_code"));
    }

    [Fact]
    public async Task Outgoing_requests_are_filtered_and_enriched()
    {
        await using var server = await TracedServer.StartAsync(outgoing: options =>
        {
            options.FilterHttpRequestMessage = request => request.RequestUri!.AbsolutePath != "/orders/1";
            options.EnrichWithHttpResponseMessage = (span, response) => span.SetTag("ok", response.IsSuccessStatusCode);
        });
        await server.Client.GetAsync("/orders/1");
        await server.Client.GetAsync("/orders/2");

        var span = await server.SpanAsync(ActivityKind.Client);

        Assert.EndsWith("/orders/2", (string)span.GetTagItem("url.full")!, StringComparison.Ordinal);
        Assert.Equal(true, span.GetTagItem("ok"));
        Assert.Single(server.Ended(ActivityKind.Client));
    }

    [Fact]
    public async Task Metrics_of_requests_clients_and_runtime_are_exported()
    {
        await using var server = await TracedServer.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/orders/7")).StatusCode);

        var text = await server.Client.GetStringAsync("/metrics");

        Assert.Contains("# TYPE http_server_request_duration_seconds histogram\n", text, StringComparison.Ordinal);
        Assert.Contains("http_route=\"/orders/{id:int}\"", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE http_client_request_duration_seconds histogram\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE kestrel_active_connections gauge\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE dotnet_gc_collections_total counter\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE dotnet_process_memory_working_set_bytes gauge\n", text, StringComparison.Ordinal);
    }
}
