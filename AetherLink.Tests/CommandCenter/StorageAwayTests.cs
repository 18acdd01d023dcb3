using System.Net;
using AetherLink.Tests.Postgres;
using static AetherLink.Tests.CommandCenter.CommandCenterRequests;

namespace AetherLink.Tests.CommandCenter;

public sealed class StorageAwayTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task Service_says_503_while_Postgres_is_away_loses_nothing_acknowledged_and_goes_on_when_it_is_back()
    {
        await using var service = await RunningCommandCenter.StartAsync(database.ConnectionString);
        using var client = service.Client(tenant: NewTenant());
        using var before = await client.PublishAsync("before");

        await database.GoAwayAsync();
        using var publish = await client.PublishAsync("meanwhile");
        using var recent = await client.GetAsync("/events/recent");
        using var stream = await client.GetAsync("/events/stream", HttpCompletionOption.ResponseHeadersRead);
        using var services = await client.GetAsync("/ops/services");
        await Eventually.True(
            async () => (string?)(await client.JsonAsync("/ops/health"))["status"] == "down", TimeSpan.FromSeconds(10), "down is shown");
        using var healthz = await client.GetAsync("/healthz");

        Assert.All([publish, recent, stream, services], answer =>
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter);
        });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, healthz.StatusCode);

        await database.ComeBackAsync();
        await Eventually.True(
            async () =>
            {
                using var answer = await client.PublishAsync("after");
                return answer.IsSuccessStatusCode;
            },
            TimeSpan.FromSeconds(10), "events are taken again");
        Assert.Equal(["after", "before"], await client.IdsAsync());
        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
    }
}
