using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AetherLink.AutoHeal.Settings;
using AetherLink.ServiceDefaults;

namespace AetherLink.AutoHeal.Watching.Kubernetes;

/// <summary>
/// Restarts a Deployment of the own namespace as <c>kubectl rollout restart</c> does: by an annotation of its pod template, which
/// makes Kubernetes replace the pods by its own rules. The service account needs get and patch on deployments.
/// </summary>
internal sealed class KubernetesControl(KubernetesAccount account, IHttpClientFactory clients, TimeProvider clock) : IServiceControl
{
    public const string Client = "kubernetes";

    /// <summary>What kubectl writes, so that its history shows ours as well.</summary>
    private const string Annotation = "kubectl.kubernetes.io/restartedAt";

    private const string Merge = "application/strategic-merge-patch+json";

    public string? WhyNot => null;

    /// <summary>A look waits for it; the API server answers from its cache.</summary>
    private static readonly TimeSpan FindTimeout = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The kubelet restarts what crashed; what is left are services that run and do not answer, and that the probe shows. One that a person
    /// has scaled to nothing, or is rolling out just now, does not answer either.
    /// </summary>
    public async Task<ResourceState?> FindAsync(string resource, CancellationToken cancellationToken)
    {
        try
        {
            var deployment = await AskAsync(HttpMethod.Get, resource, null, FindTimeout, cancellationToken);
            return DeploymentReading.Read(deployment) is { } state ? new ResourceState(resource, state) : null;
        }
        catch (HealFailedException)
        {
            return null;
        }
    }

    public Task<string> ActionAsync(string resource, CancellationToken cancellationToken) => Task.FromResult("rollout_restart");

    public async Task CommandAsync(string resource, string command, CancellationToken cancellationToken)
    {
        var patch = new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject
                    {
                        ["annotations"] = new JsonObject
                        {
                            [Annotation] = clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
                        },
                    },
                },
            },
        };
        using var content = new StringContent(patch.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue(Merge));
        await AskAsync(HttpMethod.Patch, resource, content, HealSettings.CommandTimeout, cancellationToken);
    }

    /// <summary>The pods that answer are the new ones: as <c>kubectl rollout status</c> decides it.</summary>
    public async Task<bool> HasSettledAsync(string resource, CancellationToken cancellationToken)
    {
        try
        {
            return DeploymentReading.HasSettled(await AskAsync(HttpMethod.Get, resource, null, FindTimeout, cancellationToken));
        }
        catch (HealFailedException)
        {
            return false;
        }
    }

    private async Task<JsonNode> AskAsync(HttpMethod method, string deployment, HttpContent? content, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(patience);
        try
        {
            var path = $"/apis/apps/v1/namespaces/{Uri.EscapeDataString(account.Namespace)}/deployments/{Uri.EscapeDataString(deployment)}";
            using var request = new HttpRequestMessage(method, new Uri(account.Server, path)) { Content = content };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", account.Token);
            using var client = clients.CreateClient(Client);
            // Its head alone, so that a refusal whose body does not come is still one.
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, time.Token);
            if (!response.IsSuccessStatusCode)
                throw await RefusalAsync(response, time.Token, cancellationToken);
            return await response.Content.ReadFromJsonAsync<JsonObject>(time.Token) ?? throw new JsonException("its answer is null.");
        }
        catch (OperationCanceledException cancelled) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HealFailedException($"Kubernetes did not answer within {patience.TotalSeconds} s.", cancelled);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or JsonException or InvalidOperationException)
        {
            throw new HealFailedException($"Kubernetes cannot be asked: {failure.Message}", failure);
        }
    }

    /// <summary>Has the status whatever the body is: what stands before the API server answers with pages of its own.</summary>
    private static async Task<HealFailedException> RefusalAsync(HttpResponseMessage response, CancellationToken time, CancellationToken cancellationToken)
    {
        var message = "";
        try
        {
            message = (await response.Content.ReadFromJsonAsync<Refusal>(Json.Wire, time))?.Message;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested &&
            failure is JsonException or InvalidOperationException or HttpRequestException or IOException or OperationCanceledException)
        {
            // The status says enough.
        }

        return new HealFailedException($"Kubernetes answered {(int)response.StatusCode}{(string.IsNullOrEmpty(message) ? "." : $": {message}")}");
    }

    /// <param name="Message">Of Kubernetes' kind Status, for a person.</param>
    private sealed record Refusal(string? Message);
}
