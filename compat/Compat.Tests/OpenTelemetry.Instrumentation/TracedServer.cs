using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Instrumentation.AspNetCore;
using OpenTelemetry.Instrumentation.Http;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Compat.Tests.Instrumentation;

/// <summary>A server whose requests, and those of its client, are traced and measured.</summary>
internal sealed class TracedServer(LoopbackServer server, TracedServer.Spans spans) : IAsyncDisposable
{
    public HttpClient Client => server.Client;

    public static async Task<TracedServer> StartAsync(
        Action<AspNetCoreTraceInstrumentationOptions>? incoming = null,
        Action<HttpClientTraceInstrumentationOptions>? outgoing = null)
    {
        var spans = new Spans();
        var server = await LoopbackServer.StartAsync(
            services =>
            {
                services.AddRouting();
                services.AddOpenTelemetry()
                    .WithTracing(tracing => tracing
                        .AddAspNetCoreInstrumentation(incoming)
                        .AddHttpClientInstrumentation(outgoing)
                        .AddProcessor(spans))
                    .WithMetrics(metrics => metrics
                        .AddAspNetCoreInstrumentation()
                        .AddHttpClientInstrumentation()
                        .AddRuntimeInstrumentation()
                        .AddPrometheusExporter(options => options.ScrapeResponseCacheDurationMilliseconds = 0));
            },
            application =>
            {
                application.MapPrometheusScrapingEndpoint();
                application.MapGet("/orders/{id:int}", (int id) => id == 0 ? Results.NotFound() : Results.Ok(id));
                application.MapGet("/broken", string () => throw new InvalidOperationException("broken"));
            });
        return new TracedServer(server, spans);
    }

    /// <summary>The span of this server's one request, once it has ended.</summary>
    public async Task<Activity> SpanAsync(ActivityKind kind)
    {
        await Deadline.UntilAsync(() => Task.FromResult(Ended(kind).Any()));
        return Ended(kind).First();
    }

    // The client's spans of other tests, which run at the same time in this process, are told apart by the port.
    public IEnumerable<Activity> Ended(ActivityKind kind) => spans.Ended.Where(span =>
        span.Kind == kind && Equals(span.GetTagItem("server.port"), server.Url.Port));

    public ValueTask DisposeAsync() => server.DisposeAsync();

    internal sealed class Spans : BaseProcessor<Activity>
    {
        public ConcurrentQueue<Activity> Ended { get; } = [];

        public override void OnEnd(Activity data) => Ended.Enqueue(data);
    }
}
