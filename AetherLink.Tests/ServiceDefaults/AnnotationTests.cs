using System.Collections.Concurrent;
using System.Text.Json;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace AetherLink.Tests.ServiceDefaults;

public sealed class AnnotationTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("secret", "Bearer secret")]
    [InlineData("admin:secret", "Basic YWRtaW46c2VjcmV0")]
    public async Task Annotation_reaches_grafana_with_its_key(string key, string authorization)
    {
        var seen = new ConcurrentQueue<string>();
        await using var grafana = await ToyApp.StartAsync(app => app
            .MapPost("/api/annotations", (JsonElement body, HttpRequest request) =>
            {
                seen.Enqueue($"{request.Headers.Authorization} {body.GetRawText()}");
                return TypedResults.Ok();
            })
            .RequireAuthorization(Policies.Public));
        await using var app = await ToyApp.StartAsync(
            settings: new() { ["GRAFANA_URL"] = grafana.Http.BaseAddress!.ToString(), ["GRAFANA_API_KEY"] = key });

        app.Services.GetRequiredService<GrafanaAnnotations>().TryAnnotate(
            "web restarted", ["heal"], DateTimeOffset.FromUnixTimeMilliseconds(1000), DateTimeOffset.FromUnixTimeMilliseconds(2500));

        await Eventually.True(() => !seen.IsEmpty, Soon);
        Assert.Equal([$$"""{{authorization}} {"text":"web restarted","tags":["aetherlink","heal"],"time":1000,"timeEnd":2500}"""], seen);
    }

    [Fact]
    public async Task Annotation_waits_for_a_grafana_that_is_away_and_one_that_is_refused_does_not_hold_up_the_next()
    {
        var seen = new ConcurrentQueue<string>();
        await using var grafana = await ToyApp.StartAsync(app => app
            .MapPost("/api/annotations", (JsonElement body) =>
            {
                seen.Enqueue(body.GetProperty("text").GetString()!);
                return body.GetProperty("text").GetString() == "refused" ? Results.BadRequest() : Results.Ok();
            })
            .RequireAuthorization(Policies.Public));
        await using var app = await ToyApp.StartAsync(
            settings: new() { ["GRAFANA_URL"] = grafana.Http.BaseAddress!.ToString() },
            add: builder => builder.Services.AddHttpClient("grafana").AddHttpMessageHandler(() => new Failing(new BrokenCircuitException(), new TimeoutRejectedException())));

        foreach (var text in (string[])["waits", "refused", "next"])
            app.Services.GetRequiredService<GrafanaAnnotations>().TryAnnotate(text, []);

        await Eventually.True(() => seen.Contains("next"), TimeSpan.FromSeconds(20));
        Assert.Equal(["waits", "refused", "next"], seen);
        Assert.Empty(app.Logs.Errors);
    }

    /// <summary>Fails as a client's resilience does, once for each of these, over all of the client's handlers.</summary>
    private sealed class Failing(params Exception[] failures) : DelegatingHandler
    {
        private readonly ConcurrentQueue<Exception> _failures = new(failures);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            _failures.TryDequeue(out var failure) ? Task.FromException<HttpResponseMessage>(failure) : base.SendAsync(request, cancellationToken);
    }

    [Fact]
    public async Task Absent_grafana_is_mentioned_once_and_holds_up_nobody()
    {
        await using var app = await ToyApp.StartAsync(settings: new() { ["GRAFANA_URL"] = "http://127.0.0.1:9" });
        var annotations = app.Services.GetRequiredService<GrafanaAnnotations>();

        for (var i = 0; i < 1000; i++)
        {
            annotations.TryAnnotate("x", []);
        }

        await Eventually.True(() => app.Logs.Lines.Any(line => line.Id.Id == 1050), TimeSpan.FromSeconds(40));
        Assert.Single(app.Logs.Lines, line => line.Id.Id == 1050);
    }
}
