using System.Text.Json.Nodes;
using System.Threading.Channels;
using AetherLink.AutoHeal.Governing;
using AetherLink.AutoHeal.History;
using AetherLink.AutoHeal.Watching;
using AetherLink.ServiceDefaults;

namespace AetherLink.AutoHeal.Healing;

/// <summary>Tells the mesh what was done and what was not: events, marks on Grafana's graphs, metrics.</summary>
internal sealed class HealNews(OpsEventPublisher events, GrafanaAnnotations annotations, HealMeter meter, ILogger<HealNews> logger)
{
    private readonly Channel<FleetState> _brakes = Channel.CreateUnbounded<FleetState>();
    private int _braked;

    /// <summary>The fleet at each change of the brake, as this replica sees it.</summary>
    public ChannelReader<FleetState> Brakes => _brakes.Reader;

    public void Attempted(Heal heal)
    {
        meter.Attempted(heal);
        Log.HealBegins(logger, heal.Target, heal.Action, heal.Reason, heal.RequestedBy, heal.Forced);
        Publish(EventTypes.AutohealAttempted, Severities.Warning, PayloadOf(heal));
    }

    public void Ended(Heal heal)
    {
        meter.Ended(heal);
        var payload = PayloadOf(heal);
        payload["msg"] = heal.Message;
        payload["duration_ms"] = heal.DurationMs;
        payload["verified"] = heal.Verified;
        Publish(
            heal.Success ? EventTypes.AutohealSucceeded : EventTypes.AutohealFailed,
            heal.Success ? Severities.Info : Severities.Critical,
            payload,
            // A healer that is killed right here tells once more when it is back, and another replica may have told in its place.
            $"{heal.Id}-ended");
        annotations.TryAnnotate(
            $"{heal.Target}: {heal.Action} ({heal.Reason}) {heal.Message}",
            ["autoheal", heal.Target, heal.Success ? "succeeded" : "failed"],
            heal.FailingSince,
            heal.FinishedAt);
    }

    public void Suppressed(HealTarget target, Verdict verdict, TargetState? state)
    {
        meter.Suppressed(target.Name, verdict.Bar!);
        Log.HealSuppressed(logger, target.Name, verdict.Bar!, verdict.Why);
        Publish(EventTypes.AutohealSuppressed, Severities.Warning, new JsonObject
        {
            ["service"] = target.Name,
            ["kind"] = target.Kind,
            ["reason"] = verdict.Bar,
            ["msg"] = $"{verdict.Why} {state?.Reason}".TrimEnd(),
        });
    }

    /// <summary>The healer stops: from here on it is a person's.</summary>
    public void Escalated(HealTarget target, Verdict verdict, TargetState? state)
    {
        meter.Escalated(target.Name);
        Log.HealEscalated(logger, target.Name, verdict.Why);
        Publish(EventTypes.AutohealFailed, Severities.Critical, new JsonObject
        {
            ["service"] = target.Name,
            ["kind"] = target.Kind,
            ["reason"] = Bars.Escalated,
            ["msg"] = $"{verdict.Why} The healer stops; {target.Name} needs a person. {state?.Reason}".TrimEnd(),
            ["escalated"] = true,
        });
    }

    /// <summary>It is well again, and no heal of ours has seen that.</summary>
    public void Recovered(HealTarget target, DateTimeOffset since, DateTimeOffset until, bool wasRestarted)
    {
        var how = wasRestarted ? "after a restart that was given up" : "without a restart from here";
        meter.Recovered(target.Name, until - since);
        Log.Recovered(logger, target.Name, (until - since).TotalSeconds, how);
        annotations.TryAnnotate($"{target.Name}: down, and well again {how}", ["autoheal", target.Name, "recovered"], since, until);
    }

    /// <summary>Takes note of the brake; <see cref="BrakeNews"/> tells.</summary>
    public void Braked(FleetState fleet)
    {
        var braked = fleet.Braked ? 1 : 0;
        if (Interlocked.Exchange(ref _braked, braked) != braked)
            _brakes.Writer.TryWrite(fleet);
    }

    /// <summary>The brake has engaged, or was released.</summary>
    public void BrakeChanged(FleetState fleet)
    {
        Log.BrakeChanged(logger, fleet.Braked ? "engaged" : "released", fleet.Down, fleet.Counted);
        Publish(
            fleet.Braked ? EventTypes.AutohealBrakeEngaged : EventTypes.AutohealBrakeReleased,
            fleet.Braked ? Severities.Critical : Severities.Info,
            new JsonObject
            {
                ["down"] = fleet.Down,
                ["total"] = fleet.Counted,
                ["reason"] = fleet.Braked
                    ? "Much of the mesh is down: the cause is elsewhere, and nothing is restarted."
                    : "Enough of the mesh is up: restarts are allowed again.",
            });
    }

    private void Publish(string type, string severity, JsonObject payload, string? id = null)
    {
        var told = new OpsEvent { EventType = type, Severity = severity, Payload = payload };
        events.TryPublish(id is null ? told : told with { EventId = id });
    }

    private static JsonObject PayloadOf(Heal heal)
    {
        var payload = new JsonObject
        {
            ["service"] = heal.Target,
            ["kind"] = heal.Kind,
            ["action"] = heal.Action,
            ["reason"] = heal.Reason,
            ["heal_id"] = heal.Id.ToString(),
        };
        if (heal.RequestedBy is { } person)
        {
            payload["requested_by"] = person;
            payload["forced"] = heal.Forced;
        }

        return payload;
    }
}
