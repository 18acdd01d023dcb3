using AetherLink.Tests.Postgres;

namespace AetherLink.Tests.AutoHeal;

public sealed class KubernetesTests : IAsyncLifetime
{
    private readonly PostgresDatabase _database = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("aether-heal-").FullName;
    private FakeMesh _mesh = null!;
    private FakeKubernetes _cluster = null!;

    private string Account => Path.Combine(_folder, "account");

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _mesh = await FakeMesh.StartAsync("web", "orchestrator");
        _cluster = await FakeKubernetes.StartAsync(Account);
    }

    public async Task DisposeAsync()
    {
        await _mesh.DisposeAsync();
        await _cluster.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Healer_restarts_a_deployment_by_its_rollout_and_verifies_the_new_pods_when_the_service_does_not_answer()
    {
        _cluster.RolledOut = () => _mesh["web"].Answer = 200;
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("web", "healthy");

        _mesh["web"].Answer = 503;

        var heal = (await healer.WaitForHistoryAsync(1))[0]!;
        Assert.Equal(("rollout_restart", true), ((string?)heal["action"], (bool)heal["verified"]!));
        var (type, patch) = Assert.Single(_cluster.Patches);
        Assert.StartsWith("application/strategic-merge-patch+json", type, StringComparison.Ordinal);
        var annotations = patch["spec"]!["template"]!["metadata"]!["annotations"]!.AsObject();
        Assert.Equal("kubectl.kubernetes.io/restartedAt", Assert.Single(annotations).Key);
        Assert.Empty(_mesh.Commands);
    }

    [Fact]
    public async Task Healer_says_what_the_cluster_says_when_there_is_no_such_deployment()
    {
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("orchestrator", "healthy");

        _mesh["orchestrator"].Answer = 503;

        var heal = (await healer.WaitForHistoryAsync(1))[0]!;
        Assert.Equal("Kubernetes answered 404: deployments.apps \"orchestrator\" not found", (string?)heal["msg"]);
    }

    private Task<HealerHost> StartAsync() => HealerHost.StartAsync(
        _mesh, _database.ConnectionString, _folder, ("KUBERNETES_SERVICE_HOST", "127.0.0.1"), ("KUBERNETES_SERVICE_PORT", _cluster.Port),
        ("AUTOHEAL_KUBERNETES_ACCOUNT", Account), ("AUTOHEAL_GRACE_SECONDS", "0"));
}
