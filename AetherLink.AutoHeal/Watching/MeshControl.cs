using AetherLink.AutoHeal.Settings;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Mvc;

namespace AetherLink.AutoHeal.Watching;

/// <summary>The AppHost's endpoint over its resources and their commands.</summary>
internal sealed class MeshControl(IHttpClientFactory clients, IConfiguration configuration) : IServiceControl
{
    public const string Name = "mesh-control";

    /// <summary>It answers from memory; a slow answer must not hold up the next probe.</summary>
    private static readonly TimeSpan ListTimeout = TimeSpan.FromSeconds(2);

    public string? WhyNot { get; } = configuration.GetSection($"services:{Name}").Exists()
        ? null
        : "There is no mesh control here: its platform restarts it.";

    /// <returns>How the mesh says that the resource is; null when it says nothing.</returns>
    public async Task<ResourceState?> FindAsync(string resource, CancellationToken cancellationToken)
    {
        if (WhyNot is not null)
            return null;
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(ListTimeout);
        try
        {
            using var client = clients.CreateClient(Name);
            using var request = Request(HttpMethod.Get, "/resources");
            using var response = await client.SendAsync(request, time.Token);
            response.EnsureSuccessStatusCode();
            var answer = await response.Content.ReadFromJsonAsync<ResourceList>(Json.Wire, time.Token);
            return answer?.Resources.FirstOrDefault(state => state.Name == resource);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception failure) when (failure is HttpRequestException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    public async Task<string> ActionAsync(string resource, CancellationToken cancellationToken) =>
        ResourceReading.IsOver(await FindAsync(resource, cancellationToken)) ? "start" : "restart";

    /// <summary>A command ends when it is done.</summary>
    public Task<bool> HasSettledAsync(string resource, CancellationToken cancellationToken) => Task.FromResult(true);

    /// <exception cref="HealFailedException">The mesh refused, or did not end in time.</exception>
    public async Task CommandAsync(string resource, string command, CancellationToken cancellationToken)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(HealSettings.CommandTimeout);
        try
        {
            using var client = clients.CreateClient(Name);
            using var request = Request(HttpMethod.Post, $"/resources/{Uri.EscapeDataString(resource)}/{command}");
            using var response = await client.SendAsync(request, time.Token);
            if (response.IsSuccessStatusCode)
                return;
            var detail = response.Content.Headers.ContentType?.MediaType == "application/problem+json"
                ? (await response.Content.ReadFromJsonAsync<ProblemDetails>(Json.Wire, time.Token))?.Detail
                : null;
            throw new HealFailedException($"Mesh control answered {(int)response.StatusCode} to {command}{(detail is null ? "." : $": {detail}")}");
        }
        catch (OperationCanceledException cancelled) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HealFailedException($"Mesh control did not finish {command} within {HealSettings.CommandTimeout.TotalSeconds} s.", cancelled);
        }
        catch (HttpRequestException failure)
        {
            throw new HealFailedException($"Mesh control cannot be reached: {failure.Message}", failure);
        }
    }

    /// <summary>Whoever wants a restart by hand was let through already; mesh control knows no people, only the healer.</summary>
    private static HttpRequestMessage Request(HttpMethod method, string path) => new HttpRequestMessage(method, new Uri(path, UriKind.Relative)).InOwnName();
}

internal sealed record ResourceList(IReadOnlyList<ResourceState> Resources);

/// <param name="Name">The resource name.</param>
/// <param name="State">The text of Aspire's resource states.</param>
/// <param name="Health">What the mesh's own health check says.</param>
/// <param name="ExitCode">How its process ended, where it has.</param>
internal sealed record ResourceState(string Name, string State, string? Health = null, int? ExitCode = null)
{
    /// <summary>States that Aspire has no word for: a Deployment's.</summary>
    public const string RollingOut = "RollingOut";

    public const string ScaledToNone = "ScaledToNone";

    public const string Paused = "Paused";
}
