using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AetherLink.Tests.ServiceDefaults;

public sealed class MeshClientTests : IAsyncLifetime
{
    private int _asked;
    private ToyApp _other = null!;
    private ToyApp _app = null!;

    public async Task InitializeAsync()
    {
        _other = await ToyApp.StartAsync(
            app =>
            {
                app.MapGet("/who", (Caller caller) => TypedResults.Ok(caller)).RequireAuthorization(Policies.ReadMesh);
                app.MapMethods("/flaky", ["GET", "POST"], () => Interlocked.Increment(ref _asked) == 1
                    ? Results.StatusCode(503)
                    : Results.Ok()).RequireAuthorization(Policies.Public);
            },
            settings: new() { ["OTEL_SERVICE_NAME"] = "other" });
        _app = await ToyApp.StartAsync(
            settings: new() { ["services:other:http:0"] = _other.Http.BaseAddress!.ToString() },
            add: builder =>
            {
                builder.Services.AddMeshClient("other", Scopes.MeshRead);
                builder.Services.AddMeshStreamClient("other-stream", "other", Scopes.MeshRead);
                builder.Services.AddMeshProbeClient();
            });
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Theory]
    [InlineData("other")]
    [InlineData("other-stream")]
    public async Task Client_finds_the_resource_and_carries_a_token_of_this_service(string name)
    {
        Assert.Equal(
            """{"name":"toy","roles":["service"],"tenant_id":null,"is_service":true}""",
            await Client(name).GetStringAsync("/who"));
    }

    [Fact]
    public async Task Probe_finds_the_resource_and_carries_nothing()
    {
        using var answer = await Client(MeshClients.Probe).GetAsync("http://other/who");
        Assert.Equal(401, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Client_asks_again_when_the_first_answer_was_a_failure()
    {
        using var answer = await Client("other").GetAsync("/flaky");
        Assert.Equal((200, 2), ((int)answer.StatusCode, _asked));
    }

    [Fact]
    public async Task Client_does_not_repeat_what_may_have_been_done()
    {
        using var answer = await Client("other").PostAsync("/flaky", null);
        Assert.Equal((503, 1), ((int)answer.StatusCode, _asked));
    }

    [Theory]
    [InlineData("other-stream", "/flaky")]
    [InlineData(MeshClients.Probe, "http://other/flaky")]
    public async Task Stream_and_probe_take_the_first_answer(string name, string address)
    {
        using var answer = await Client(name).GetAsync(address);
        Assert.Equal((503, 1), ((int)answer.StatusCode, _asked));
    }

    /// <summary>Everybody may read the metrics, and there may be thousands of targets.</summary>
    [Fact]
    public async Task Probe_has_no_series_of_its_own()
    {
        using var denied = await Client(MeshClients.Probe).GetAsync("http://other/who");
        using var allowed = await Client("other").GetAsync("/who");
        Assert.Equal((401, 200), ((int)denied.StatusCode, (int)allowed.StatusCode));

        var (port, series) = ($"server_port=\"{_other.Http.BaseAddress!.Port}\"", Array.Empty<string>());
        bool Has(int status) => series.Any(line =>
            line.StartsWith("http_client_", StringComparison.Ordinal) && line.Contains($"http_response_status_code=\"{status}\"", StringComparison.Ordinal));
        await Eventually.True(
            async () =>
            {
                series = [.. (await _app.Http.GetStringAsync("/metrics")).Split('\n').Where(line => line.Contains(port, StringComparison.Ordinal))];
                return Has(200);
            },
            TimeSpan.FromSeconds(10), "another client's request is measured");
        Assert.False(Has(401));
    }

    private HttpClient Client(string name) => _app.Services.GetRequiredService<IHttpClientFactory>().CreateClient(name);
}
