using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace AetherLink.LoadGenerator.Running;

/// <summary>Sets a service up for a case, as an admin would.</summary>
internal sealed class Admin(IPEndPoint server) : IDisposable
{
    private readonly HttpClient _client = new()
    {
        BaseAddress = new Uri($"http://{server}"),
        DefaultRequestHeaders = { { "X-User-Roles", "admin" }, { "X-User-Name", "bench" } },
    };

    public async Task<JsonElement> SendAsync(HttpMethod method, string path, object body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        using var answer = await _client.SendAsync(request, cancellationToken);
        return answer.IsSuccessStatusCode
            ? await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)
            : throw new InvalidOperationException($"{method} {path}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
    }

    public void Dispose() => _client.Dispose();
}
