using System.Text.Json;
using AetherLink.CommandCenter.Deliveries.Addresses;
using AetherLink.CommandCenter.Deliveries.Signing;
using AetherLink.CommandCenter.Events;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Deliveries.Endpoints;

/// <summary>The endpoints that the configuration names: <c>ALERT_WEBHOOKS</c>, a JSON array of URLs, or a list with commas.</summary>
internal sealed class AlertWebhooks(IReadOnlyList<EndpointUrl> urls)
{
    public const string Variable = "ALERT_WEBHOOKS";

    public IReadOnlyList<EndpointUrl> Urls => urls;

    /// <exception cref="InvalidOperationException">Something in it is wrong. The message has its place, and not its text.</exception>
    public static AlertWebhooks Read(string? text, AddressCheck addresses)
    {
        var parsed = new List<EndpointUrl>();
        foreach (var (entry, index) in Entries(text?.Trim() ?? "").Select((entry, index) => (entry, index + 1)))
        {
            var complaint = EndpointUrl.TryParse(entry, out var url) ? addresses.Complaint(url.Uri) : "must be an absolute http or https URL";
            if (complaint is not null)
            {
                throw new InvalidOperationException($"{Variable}: entry {index} {complaint}.");
            }
            if (!parsed.Exists(one => one.Reveal() == url!.Reveal()))
            {
                parsed.Add(url!);
            }
        }
        return new(parsed);
    }

    private static string[] Entries(string text)
    {
        if (!text.StartsWith('['))
        {
            return text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        }
        try
        {
            return JsonSerializer.Deserialize(text, DeliveriesJson.Default.StringArray) is { } array && !array.Contains(null) ? array : throw new JsonException();
        }
        catch (JsonException)
        {
            throw new InvalidOperationException($"{Variable} must be a JSON array of URLs, or URLs with commas between them.");
        }
    }
}

/// <summary>
/// Puts the configured endpoints beside the others, once at the start. One that was there before stays as it was changed since, also if
/// it was given another URL, and stays away if it was removed.
/// </summary>
internal sealed class ConfiguredWebhooks(
    AlertWebhooks configured, EndpointStore store, SecretVault vault, DatabaseReady database, TimeProvider clock, ILogger<ConfiguredWebhooks> logger)
    : BackgroundLoop(logger, clock)
{
    private readonly ILogger _logger = logger;

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await database.WaitAsync(stopping);
        foreach (var url in configured.Urls)
        {
            var id = Guid.CreateVersion7();
            var endpoint = new WebhookEndpoint
            {
                Id = id,
                Url = url,
                Kind = EndpointKinds.Guess(url.Uri),
                EventTypes = [EventMatching.DefaultTypes],
                Severity = Severity.Info,
                Secret = vault.Seal(SigningSecret.Make(), id),
                IsConfigured = true,
            };
            if ((await store.AddAsync(endpoint, stopping)).Added is not null)
            {
                Log.EndpointConfigured(_logger, endpoint.Id, url.Masked);
            }
        }
    }
}
