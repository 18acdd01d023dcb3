using System.Text.Json.Nodes;
using AetherLink.Orchestrator.Routing;
using AetherLink.ServiceDefaults;

namespace AetherLink.Orchestrator.Providers;

/// <summary>Tells the mesh when a provider is no longer asked, and when it is again.</summary>
internal sealed class CircuitNews(OpsEventPublisher events, ILogger<CircuitNews> logger)
{
    public void Tell(ChainLink link, CircuitChange change, ProviderFault? fault = null)
    {
        if (change == CircuitChange.Opened) Suspended(link, fault);
        if (change == CircuitChange.Closed) Recovered(link);
    }

    private void Suspended(ChainLink link, ProviderFault? fault)
    {
        var until = link.Circuit.Snapshot().OpenUntil;
        Log.ProviderSuspended(logger, link.Name, until, fault?.Kind.Wire() ?? "");
        events.TryPublish(new OpsEvent
        {
            EventType = EventTypes.AiProviderSuspended,
            // A wrong key mends by a person only; everything else may pass.
            Severity = fault?.Kind == FaultKind.Credentials ? Severities.Error : Severities.Warning,
            Payload = new JsonObject
            {
                ["provider"] = link.Name,
                ["model"] = link.Settings.Model,
                ["error_class"] = fault?.Kind.Wire(),
                ["error"] = fault?.Gist,
                ["until"] = until.UtcDateTime,
            },
        });
    }

    private void Recovered(ChainLink link)
    {
        Log.ProviderRecovered(logger, link.Name);
        events.TryPublish(new OpsEvent
        {
            EventType = EventTypes.AiProviderRecovered,
            Severity = Severities.Info,
            Payload = new JsonObject { ["provider"] = link.Name, ["model"] = link.Settings.Model },
        });
    }
}
