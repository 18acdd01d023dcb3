using System.Text.Json;
using Docker.DotNet.Models;

namespace Docker.DotNet;

internal sealed class SystemOperations(Engine engine, DockerClient client) : ISystemOperations
{
    public Task<VersionResponse> GetVersionAsync(CancellationToken cancellationToken = default) =>
        engine.GetAsync("version", EngineJson.Default.VersionResponse, client.DefaultTimeout, cancellationToken);

    public async Task PingAsync(CancellationToken cancellationToken = default)
    {
        using var timed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timed.CancelAfter(client.DefaultTimeout);
        using var response = await engine.SendAsync(HttpMethod.Get, "_ping", ofContainer: false, timed.Token).ConfigureAwait(false);
    }

    public async Task MonitorEventsAsync(ContainerEventsParameters parameters, IProgress<Message> progress, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(progress);

        var query = new Query().Add("since", parameters.Since).Add("until", parameters.Until).Add("filters", parameters.Filters);
        using var response = await engine.SendAsync(HttpMethod.Get, $"events{query}", ofContainer: false, cancellationToken).ConfigureAwait(false);
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            // One JSON object after another, {"Type":"container","Action":"die",...}\n{...}: no array around them.
            var events = JsonSerializer.DeserializeAsyncEnumerable(stream, EngineJson.Default.Message, topLevelValues: true, cancellationToken);
            await foreach (var message in events.ConfigureAwait(false)) progress.Report(message);
        }
    }
}
