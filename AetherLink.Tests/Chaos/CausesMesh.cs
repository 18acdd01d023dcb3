using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AetherLink.Tests.CommandCenter.Deliveries;
using AetherLink.Tests.Orchestrator;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.AspNetCore.Http;

namespace AetherLink.Tests.Chaos;

/// <summary>
/// A mesh whose causes are asked for: with a provider and a receiver of webhooks that can be made slow or silent, and an even load that
/// uses all of it.
/// </summary>
internal sealed class CausesMesh : ChaosMesh
{
    public static readonly string[] Tenants = ["causes-north", "causes-south", "causes-west"];

    private static readonly TimeSpan EventPace = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan CallPace = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Usually = TimeSpan.FromMilliseconds(30);

    private Receiver _provider = null!;
    private Receiver _receiver = null!;
    private Task _load = Task.CompletedTask;
    private int _used;
    private volatile string? _endpoint;
    private volatile bool _isOver;

    /// <summary>How long the provider takes; it refuses when this is null.</summary>
    public TimeSpan? ProviderTakes { get; set; } = Usually;

    /// <summary>Whether the endpoint that was added last takes requests and never answers; one that a broken run has left does.</summary>
    public bool ReceiverIsSilent { get; set; }

    /// <summary>How often the provider was asked and answered.</summary>
    public int ProviderUsed => Volatile.Read(ref _used);

    public override async Task InitializeAsync()
    {
        _provider = await Receiver.StartAsync();
        _provider.Answer = AnswerAsProviderAsync;
        _receiver = await Receiver.StartAsync();
        _receiver.Answer = (context, received) =>
            ReceiverIsSilent && received.Path == _endpoint ? Task.Delay(Timeout.Infinite, context.RequestAborted) : Task.CompletedTask;
        await base.InitializeAsync();
        _load = Task.WhenAll(
            [.. Tenants.Select(tenant => Task.Run(() => RunAsync(EventPace, tenant, "command-center", PublishAsync))), .. Tenants.Select(tenant => Task.Run(() => RunAsync(CallPace, tenant, "orchestrator", CallAsync)))]);
    }

    /// <summary>An endpoint that is told of every lead of a tenant; its node's name.</summary>
    public async Task<string> AddEndpointAsync(string tenant)
    {
        var path = $"/{Guid.NewGuid():N}";
        _endpoint = path;
        using var client = Client("command-center", "admin", tenant);
        using var made = await client.PostAsJsonAsync("/alerts/webhooks", new { url = _receiver.At(path), event_types = (string[])["lead.created"] });
        var body = await made.Content.ReadAsStringAsync();
        Assert.True(made.IsSuccessStatusCode, body);
        return $"endpoint:{Guid.Parse((string)JsonNode.Parse(body)!["webhook"]!["id"]!)}";
    }

    public async Task RemoveEndpointAsync(string tenant, string node)
    {
        using var client = Client("command-center", "admin", tenant);
        using var gone = await client.DeleteAsync(new Uri($"/alerts/webhooks/{node["endpoint:".Length..]}", UriKind.Relative));
    }

    public async Task BurstAsync(string tenant, int batches)
    {
        using var client = Client("command-center", "agent", tenant);
        for (var batch = 0; batch < batches; batch++)
        {
            var name = Guid.NewGuid().ToString("N");
            using var answer = await client.PostAsJsonAsync(
                "/events/publish/batch", Enumerable.Range(0, 1_000).Select(number => Lead($"{name}-{number.ToString(CultureInfo.InvariantCulture)}")));
            Assert.True(answer.IsSuccessStatusCode, $"A batch of the burst was answered with {answer.StatusCode}.");
        }
    }

    /// <summary>Whatever a fault that was cut off has left.</summary>
    public async Task UndoAsync()
    {
        (ProviderTakes, ReceiverIsSilent) = (Usually, false);
        ThawAll("postgres");
        foreach (var service in Services)
        {
            Thaw(service);
        }
        await TellBrokerAsync("up");
    }

    public async Task EndAsync()
    {
        _isOver = true;
        await _load;
        await DisposeAsync();
        await _provider.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    protected override async Task ChangeAsync(IDistributedApplicationTestingBuilder builder)
    {
        await base.ChangeAsync(builder);
        ProjectResource Service(string name) => builder.Resources.OfType<ProjectResource>().Single(resource => resource.Name == name);
        builder.CreateResourceBuilder(Service("orchestrator"))
            .WithEnvironment("PROVIDER_OLLAMA_URL", _provider.Address.ToString())
            .WithEnvironment("PROVIDER_ORDER", "ollama,local");
        // As the AppHost has it: Postgres is healed too, and what waits for it is left alone while it is down.
        builder.CreateResourceBuilder(Service("auto-heal"))
            .WithEnvironment("AUTOHEAL_SERVICES", """["command-center","orchestrator","web","postgres"]""")
            .WithEnvironment("AUTOHEAL_HEALTH_ENDPOINTS", """{"postgres":"connectionstring:aetherlink"}""")
            .WithEnvironment("AUTOHEAL_DEPENDENCIES", """{"command-center":["postgres"]}""");
        builder.CreateResourceBuilder(Service("command-center"))
            .WithEnvironment("DELIVERIES_ALLOWED_NETWORKS", Receiver.Loopback)
            .WithEnvironment("Deliveries__TimeoutSeconds", "2");
    }

    private async Task AnswerAsProviderAsync(HttpContext context, Received received)
    {
        if (ProviderTakes is not { } time)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }
        await Task.Delay(time, context.RequestAborted);
        Interlocked.Increment(ref _used);
        await context.Response.WriteAsJsonAsync(Wire.Whole(
            "ollama", """{"name":"Jane Doe","email":"jane.doe@acme.example","company":"Acme","phone":null,"tags":[],"status":"new"}"""));
    }

    private async Task RunAsync(TimeSpan pace, string tenant, string service, Func<HttpClient, string, int, Task> work)
    {
        using var client = Client(service, "agent", tenant);
        client.Timeout = Patience;
        using var timer = new PeriodicTimer(pace);
        for (var number = 0; await timer.WaitForNextTickAsync() && !_isOver; number++)
        {
            try
            {
                await work(client, tenant, number);
            }
            catch (Exception away) when (away is HttpRequestException or OperationCanceledException or IOException)
            {
                // What is asked here may be dead at the moment: that is what the runs are for.
            }
        }
    }

    private static async Task PublishAsync(HttpClient client, string tenant, int number)
    {
        using var answer = await client.PostAsJsonAsync("/events/publish", Lead(Guid.NewGuid().ToString("N")));
    }

    private static async Task CallAsync(HttpClient client, string tenant, int number)
    {
        using var answer = await client.PostAsJsonAsync(
            "/orchestrate", new { intent = "extract-lead", tenant_id = tenant, payload = new { raw_text = $"I am Jane Doe, number {number}, of {tenant}, {Guid.NewGuid()}" } });
    }

    private static object Lead(string id) => new { event_type = "lead.created", source = "chaos", event_id = id, payload = new { lead_id = id } };
}
