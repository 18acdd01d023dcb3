using System.Text;
using System.Text.Json.Nodes;
using AetherLink.AutoHeal.Watching;
using AetherLink.AutoHeal.Watching.Kubernetes;
using Microsoft.AspNetCore.Http;

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

    [Theory]
    [InlineData(0, 0, "stopped", "It is scaled to 0 replicas.")]
    [InlineData(2, 1, "starting", "Its rollout is under way.")]
    public async Task Healer_leaves_alone_a_deployment_that_a_person_has_scaled_to_nothing_or_is_rolling_out(int replicas, int updated, string state, string reason)
    {
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("web", "healthy");

        (_cluster.Replicas, _cluster.Updated) = (replicas, updated);
        Mesh["web"].Answer = 503;

        await healer.WaitForStateAsync("web", state);
        var probes = Mesh["web"].Probes;
        await Eventually.True(() => Mesh["web"].Probes > probes + 4, TimeSpan.FromSeconds(10));
        var target = await healer.TargetAsync("web");
        Assert.Equal((state, reason), ((string?)target["state"], (string?)target["reason"]));
        Assert.Empty(_cluster.Patches);
    }

    [Theory]
    [InlineData("""{"metadata":{"generation":2},"spec":{"replicas":3},"status":{"observedGeneration":2,"replicas":3,"updatedReplicas":3,"availableReplicas":3}}""", null)]
    [InlineData("""{"metadata":{"generation":2},"spec":{"replicas":3},"status":{"observedGeneration":2,"replicas":3,"updatedReplicas":3}}""", null)]
    [InlineData("""{"metadata":{"generation":2},"spec":{"replicas":0},"status":{"observedGeneration":2}}""", ResourceState.ScaledToNone)]
    [InlineData("""{"metadata":{"generation":2},"spec":{"replicas":3,"paused":true},"status":{"observedGeneration":2,"replicas":3,"updatedReplicas":1}}""", ResourceState.Paused)]
    [InlineData("""{"metadata":{"generation":3},"spec":{"replicas":3},"status":{"observedGeneration":2,"replicas":3,"updatedReplicas":3}}""", ResourceState.RollingOut)]
    [InlineData("""{"metadata":{"generation":2},"spec":{"replicas":3},"status":{"observedGeneration":2,"replicas":4,"updatedReplicas":3}}""", ResourceState.RollingOut)]
    [InlineData("""{"metadata":{"generation":2},"spec":{"replicas":3},"status":{"observedGeneration":2,"replicas":4,"updatedReplicas":1,"conditions":[{"type":"Available","status":"False"},{"type":"Progressing","status":"False","reason":"ProgressDeadlineExceeded"}]}}""", null)]
    [InlineData("""{"metadata":{"generation":1},"spec":{},"status":{}}""", ResourceState.RollingOut)]
    public void Deployment_is_read_as_kubectl_reads_it(string deployment, string? state) =>
        Assert.Equal(state, DeploymentReading.Read(JsonNode.Parse(deployment)!));

    [Fact]
    public async Task Healer_asks_for_a_rollout_once_when_the_cluster_does_not_take_it()
    {
        _cluster.Refusal = Results.Json(new { kind = "Status", message = "try again later" }, statusCode: 503);
        await using var healer = await StartAsync(("AUTOHEAL_COOLDOWN_SECONDS", "60"));
        await healer.WaitForStateAsync("web", "healthy");

        Mesh["web"].Answer = 503;

        Assert.Equal("Kubernetes answered 503: try again later", (string?)(await healer.WaitForHistoryAsync(1))[0]!["msg"]);
        Assert.Single(_cluster.Patches);
    }

    [Theory]
    [InlineData("text/html", "<html>Bad Gateway</html>")]
    [InlineData("application/json", "")]
    [InlineData("application/json", "null")]
    [InlineData("application/json", """["Bad Gateway"]""")]
    [InlineData("application/json", """{"message":502}""")]
    [InlineData("application/json; charset=none", """{"message":"Bad Gateway"}""")]
    public async Task Healer_says_with_which_status_the_cluster_refused_whatever_came_with_it(string type, string body)
    {
        _cluster.Refusal = Results.Text(Encoding.UTF8.GetBytes(body), type, statusCode: 502);
        await using var healer = await StartAsync();
        await healer.WaitForStateAsync("web", "healthy");

        using (await healer.RestartAsync("web", new { reason = "new certificate" }))
            Assert.Equal("Kubernetes answered 502.", (string?)(await healer.WaitForHistoryAsync(1))[0]!["msg"]);
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
