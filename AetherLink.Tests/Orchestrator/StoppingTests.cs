using AetherLink.Orchestrator.Calls;
using AetherLink.Tests.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AetherLink.Tests.Orchestrator;

public sealed class StoppingTests
{
    [Fact]
    public async Task Call_that_is_under_way_when_the_service_stops_is_answered_so_and_audited_and_its_provider_is_cancelled()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Stall);
        await using var app = await OrchestratorApp.StartAsync(
            $$"""
            version: 1
            total_timeout_ms: 60000
            providers:
              - {name: slow, type: http, url: "{{provider.Url}}", priority: 1, timeout_ms: 60000, capabilities: [extract]}
              - {name: local, type: local, capabilities: [extract]}
            """,
            services => services.AddSingleton(p => new LastCalls(p.GetRequiredService<IHostApplicationLifetime>(), TimeSpan.FromMilliseconds(100))));
        var patience = TimeSpan.FromSeconds(10);

        var call = app.ExtractAsync();
        var stream = AnswerStream.AskAsync(app.Client, new { intent = "extract", tenant_id = "acme", payload = new { raw_text = "x" } });
        await Eventually.True(() => provider.Asked.Count == 2, patience);
        app.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        using var response = await call.WaitAsync(patience);
        var answer = await stream.WaitAsync(patience);
        Assert.Equal("The service is stopping.", (await response.AssertProblemAsync(503)).Detail());
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter!.Delta);
        Assert.Equal(("error", "The service is stopping."), (answer.End, (string?)answer.Data!["detail"]));
        await app.WaitForAuditAsync(2);
        Assert.All(app.Audit, record => Assert.Equal(
            ("cancelled", "the service is stopping"), ((string?)record["outcome"], (string?)record["attempts"]![0]!["error"])));
        await Eventually.True(() => provider.Aborted == 2, patience, "the provider's requests are cancelled");
    }
}
