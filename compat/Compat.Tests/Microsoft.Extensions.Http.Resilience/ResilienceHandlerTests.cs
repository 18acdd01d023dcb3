using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace Compat.Tests.Resilience;

public sealed class ResilienceHandlerTests
{
    [Fact]
    public async Task Pipeline_of_ones_own_is_built_with_the_services_and_anew_when_its_options_change()
    {
        var attempts = 0;
        var configuration = new ConfigurationManager { ["MaxRetryAttempts"] = "1" };
        var services = new ServiceCollection();
        services.Configure<HttpRetryStrategyOptions>("mine", configuration);
        services.AddHttpClient("stub", client => client.BaseAddress = new Uri("http://stub"))
            .ConfigurePrimaryHttpMessageHandler(() => new Counting(() => attempts++))
            .AddResilienceHandler("mine", (pipeline, context) =>
            {
                context.EnableReloads<HttpRetryStrategyOptions>("mine");
                var options = context.GetOptions<HttpRetryStrategyOptions>("mine");
                options.Delay = TimeSpan.Zero;
                pipeline.AddRetry(options);
                Assert.Equal("stub-mine", context.BuilderName);
            });
        await using var provider = services.BuildServiceProvider();
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("stub");

        using var before = await client.GetAsync("/");
        Assert.Equal(2, attempts);

        configuration["MaxRetryAttempts"] = "3";
        ((IConfigurationRoot)configuration).Reload();
        using var after = await client.GetAsync("/");
        Assert.Equal(2 + 4, attempts);
    }

    private sealed class Counting(Action count) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            count();
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
        }
    }
}
