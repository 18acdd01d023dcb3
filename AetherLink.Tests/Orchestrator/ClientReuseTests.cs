using System.Collections.Concurrent;
using AetherLink.Orchestrator.Providers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AetherLink.Tests.Orchestrator;

/// <summary>A client is made for a provider, not for a call.</summary>
public sealed class ClientReuseTests
{
    private const int Calls = 1_000;
    private const int AtOnce = 8;

    [Fact]
    public async Task Thousand_calls_to_each_kind_of_provider_use_the_clients_and_connections_of_the_first_ones()
    {
        string[] types = ["claude", "openai", "ollama", "http"];
        var connections = new ConcurrentDictionary<(string Type, string Connection), int>();
        await using var provider = await FakeProvider.StartAsync(context =>
        {
            var type = context.Request.Path.Value!.Split('/')[1];
            connections.AddOrUpdate((type, context.Connection.Id), 1, (_, n) => n + 1);
            return Answers.Of(type, Answers.Lead)(context);
        });
        var factory = new CountingFactory();
        await using var app = await OrchestratorApp.StartAsync(
            "version: 1\nrouting: {strategy: weighted}\nproviders:\n" + string.Concat(types.Select(type =>
                $"  - {{name: {type}, type: {type}, model: m, url: \"{provider.Url}/{type}{(type == "openai" ? "/v1" : "")}\", timeout_ms: 60000, capabilities: [extract]}}\n")),
            services => services.Replace(ServiceDescriptor.Singleton<IHttpClientFactory>(original => factory.Over(original))),
            ("ANTHROPIC_API_KEY", "key-a"), ("OPENAI_API_KEY", "key-o"));
        var links = app.Services.GetRequiredService<ProviderChains>().Current.Links;
        var clients = links.Select(link => link.Provider).ToList();
        var made = factory.Made;

        await Parallel.ForEachAsync(Enumerable.Range(0, Calls), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (_, cancellationToken) =>
        {
            using var response = await app.ExtractAsync(cancellationToken: cancellationToken);
            response.EnsureSuccessStatusCode();
        });

        Assert.Equal(Calls, connections.Values.Sum());
        Assert.Equal((types.Length, types.Length), (made, factory.Made));
        Assert.Equal(clients, app.Services.GetRequiredService<ProviderChains>().Current.Links.Select(link => link.Provider));
        foreach (var type in types)
            Assert.InRange(connections.Keys.Count(key => key.Type == type), 1, AtOnce);
    }

    private sealed class CountingFactory : IHttpClientFactory
    {
        private IHttpClientFactory? _inner;
        private int _made;

        public int Made => Volatile.Read(ref _made);

        public CountingFactory Over(IServiceProvider services)
        {
            _inner = (IHttpClientFactory)services.GetRequiredService<IHttpMessageHandlerFactory>();
            return this;
        }

        public HttpClient CreateClient(string name)
        {
            if (name == ChainBuilding.ClientName) Interlocked.Increment(ref _made);
            return _inner!.CreateClient(name);
        }
    }
}
