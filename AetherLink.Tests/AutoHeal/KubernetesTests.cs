namespace AetherLink.Tests.AutoHeal;

public sealed class KubernetesTests() : HealerTest("web", "orchestrator")
{
    private FakeKubernetes _cluster = null!;

    private string Account => Path.Combine(Folder, "account");

    private protected override (string, string)[] Settings =>
    [
        ("KUBERNETES_SERVICE_HOST", "127.0.0.1"), ("KUBERNETES_SERVICE_PORT", _cluster.Port), ("AUTOHEAL_KUBERNETES_ACCOUNT", Account),
        ("AUTOHEAL_GRACE_SECONDS", "0"),
    ];

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _cluster = await FakeKubernetes.StartAsync(Account);
    }

    public override async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Healer_restarts_a_deployment_by_its_rollout_and_verifies_the_new_pods_when_the_service_does_not_answer()
    {
        _cluster.RolledOut = () => Mesh["web"].Answer = 200;
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("web", "healthy");

        Mesh["web"].Answer = 503;

        var heal = (await healer.WaitForHistoryAsync(1))[0]!;
        Assert.Equal(("rollout_restart", true), ((string?)heal["action"], (bool)heal["verified"]!));
        var (type, patch) = Assert.Single(_cluster.Patches);
        Assert.StartsWith("application/strategic-merge-patch+json", type, StringComparison.Ordinal);
        var annotations = patch["spec"]!["template"]!["metadata"]!["annotations"]!.AsObject();
        Assert.Equal("kubectl.kubernetes.io/restartedAt", Assert.Single(annotations).Key);
        Assert.Empty(Mesh.Commands);
    }

    [Fact]
    public async Task Healer_says_what_the_cluster_says_when_there_is_no_such_deployment()
    {
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("orchestrator", "healthy");

        Mesh["orchestrator"].Answer = 503;

        var heal = (await healer.WaitForHistoryAsync(1))[0]!;
        Assert.Equal("Kubernetes answered 404: deployments.apps \"orchestrator\" not found", (string?)heal["msg"]);
    }
}
