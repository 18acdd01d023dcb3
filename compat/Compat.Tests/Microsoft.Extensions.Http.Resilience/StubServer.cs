using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;

namespace Compat.Tests.Resilience;

/// <summary>Answers each attempt as it is told; null hangs until the attempt is given up.</summary>
internal sealed class StubServer(Func<int, HttpResponseMessage?> answer)
{
    private int _attempts;
    private IHttpClientFactory? _clients;

    public int Attempts => _attempts;

    /// <summary>A client with the standard pipeline, without its delays.</summary>
    public HttpClient ClientWith(
        Action<HttpStandardResilienceOptions> configure,
        Action<IHttpClientBuilder>? then = null)
    {
        var services = new ServiceCollection();
        var builder = services.AddHttpClient("stub", client => client.BaseAddress = new Uri("http://stub"))
            .ConfigurePrimaryHttpMessageHandler(() => new Handler(this));
        builder.AddStandardResilienceHandler(options =>
        {
            options.Retry.Delay = TimeSpan.Zero;
            configure(options);
        });
        then?.Invoke(builder);
        _clients = services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>();
        return NextClient();
    }

    public HttpClient NextClient() => _clients!.CreateClient("stub");

    private sealed class Handler(StubServer server) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken)
        {
            var response = server.Answer();
            if (response is null)
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            response!.RequestMessage = request;
            return response;
        }
    }

    private HttpResponseMessage? Answer() => answer(Interlocked.Increment(ref _attempts));
}
