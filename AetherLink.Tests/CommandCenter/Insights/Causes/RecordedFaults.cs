using AetherLink.CommandCenter.Insights.Anomalies.Feeding;
using AetherLink.ServiceDefaults;

namespace AetherLink.Tests.CommandCenter.Insights.Causes;

/// <summary>A kind of fault: what it leaves behind, and which node is its cause (none for a quiet time).</summary>
internal sealed record RecordedFault(string Kind, Func<RecordedMesh, string?> Strike)
{
    public static readonly RecordedFault None = new("none", _ => null);

    /// <summary>The eight.</summary>
    public static readonly RecordedFault[] All =
    [
        new("dead service", Dead), new("slow service", Slow), new("Postgres stalled", PostgresStalled), new("Kafka away", KafkaAway),
        new("provider failing", ProviderFailing), new("provider slow", ProviderSlow), new("endpoint black-holed", EndpointSilent),
        new("burst from a tenant", Burst),
    ];

    public override string ToString() => Kind;

    private static DateTimeOffset Struck(RecordedMesh mesh) => mesh.At(mesh.Onset).AddSeconds(mesh.Between(0, 9));

    private static string Dead(RecordedMesh mesh)
    {
        var (service, at) = (mesh.One(RecordedMesh.Services), Struck(mesh));
        if (service == "command-center")
        {
            // While it is dead nobody writes anything; AutoHeal's spool tells afterwards.
            mesh.Miss(mesh.Onset + 1, 1);
            mesh.Healed(service, "2 failures in a row", at.AddSeconds(3));
            return service;
        }
        mesh.Failed(service, $"Connection refused (localhost:80{mesh.Between(10, 13):0})", at.AddSeconds(1), TimeSpan.FromSeconds(mesh.Between(3, 20)));
        if (service != "auto-heal")
        {
            mesh.Healed(service, "2 failures in a row", at.AddSeconds(3));
        }
        if (service == "orchestrator")
        {
            // Whoever asks it is not answered: the gateway is, and says so.
            mesh.Failed("web", "It answered 503.", at.AddSeconds(2), TimeSpan.FromSeconds(mesh.Between(3, 9)));
        }
        return service;
    }

    private static string Slow(RecordedMesh mesh)
    {
        var (service, lasts) = (mesh.One(["auto-heal", "orchestrator", "web"]), (int)mesh.Between(3, 9));
        mesh.Change("default", $"services/{service}/latency", SeriesKind.Milliseconds, _ => mesh.Between(400, 1_900), mesh.Onset, lasts);
        if (mesh.Between(0, 1) < 0.5)
        {
            mesh.Failed(service, "It answers slowly.", Struck(mesh).AddSeconds(5), TimeSpan.FromSeconds(mesh.Between(2, 30)));
        }
        if (service == "orchestrator")
        {
            // It stops its clocks together with everything else: all that it measures takes longer.
            foreach (var (tenant, provider) in RecordedMesh.Tenants.SelectMany(tenant => RecordedMesh.Providers.Select(provider => (tenant, provider))))
            {
                mesh.Change(tenant, $"ai/{provider}/latency", SeriesKind.Milliseconds, ms => ms + mesh.Between(600, 2_500), mesh.Onset, lasts);
            }
        }
        return service;
    }

    private static string PostgresStalled(RecordedMesh mesh)
    {
        var (at, lasts) = (Struck(mesh), TimeSpan.FromSeconds(mesh.Between(8, 40)));
        mesh.Failed("command-center", "The storage did not answer within 2 s.", at.AddSeconds(3), lasts, storedLate: lasts);
        mesh.Failed("auto-heal", "It answered 503.", at.AddSeconds(mesh.Between(1, 6)), lasts, storedLate: lasts);
        // What was waiting comes all at once.
        var after = mesh.Onset + 1 + (int)(lasts.TotalSeconds / 10);
        foreach (var tenant in RecordedMesh.Tenants)
        {
            mesh.Change(tenant, "events/lead.created/info", SeriesKind.Count, _ => 0, mesh.Onset, after - mesh.Onset);
            mesh.Change(tenant, "events/lead.created/info", SeriesKind.Count, count => count * (1 + (lasts.TotalSeconds / 10)), after, 1);
        }
        return "postgres";
    }

    private static string KafkaAway(RecordedMesh mesh)
    {
        var (at, lasts) = (Struck(mesh), mesh.Between(8, 60));
        mesh.PartAway("kafka", at.AddSeconds(2), at.AddSeconds(lasts));
        var count = (int)(lasts / 10) + 1;
        foreach (var (tenant, provider) in RecordedMesh.Tenants.SelectMany(tenant => RecordedMesh.Providers.Select(provider => (tenant, provider))))
        {
            mesh.Change(tenant, $"ai/{provider}/latency", SeriesKind.Milliseconds, _ => double.NaN, mesh.Onset, count);
        }
        return "kafka";
    }

    private static string ProviderFailing(RecordedMesh mesh)
    {
        var provider = mesh.One(RecordedMesh.Providers);
        var tenant = mesh.One(RecordedMesh.Tenants);
        mesh.Change(tenant, $"ai/{provider}/latency", SeriesKind.Milliseconds, _ => double.NaN, mesh.Onset, 8);
        if (mesh.Between(0, 1) < 0.5)
        {
            // One call in some fails, so that the circuit stays closed.
            mesh.Change(tenant, $"ai/{provider}/failures", SeriesKind.Count, _ => Math.Round(mesh.Between(2, 9)), mesh.Onset, 6);
            return $"provider:{provider}";
        }
        // Three in a row open it; then the provider is tried once in half a minute.
        mesh.Change(tenant, $"ai/{provider}/failures", SeriesKind.Count, _ => 3 + Math.Round(mesh.Between(0, 3)), mesh.Onset, 1);
        mesh.Change(tenant, $"ai/{provider}/failures", SeriesKind.Count, _ => 1, mesh.Onset + 4, 1);
        mesh.Event(EventTypes.AiProviderSuspended, Struck(mesh), $$"""{"provider":"{{provider}}","error_class":"overload","error":"It answered 500."}""");
        return $"provider:{provider}";
    }

    private static string ProviderSlow(RecordedMesh mesh)
    {
        var (provider, times, lasts) = (mesh.One(RecordedMesh.Providers), mesh.Between(4, 10), (int)mesh.Between(3, 10));
        foreach (var tenant in RecordedMesh.Tenants)
        {
            mesh.Change(tenant, $"ai/{provider}/latency", SeriesKind.Milliseconds, ms => ms * times, mesh.Onset, lasts);
        }
        return $"provider:{provider}";
    }

    private static string EndpointSilent(RecordedMesh mesh)
    {
        mesh.Change("north", $"deliveries/{RecordedMesh.Endpoint}/latency", SeriesKind.Milliseconds, _ => double.NaN, mesh.Onset, 12);
        // Each attempt takes its whole time, and the endpoint is left alone after some of them.
        mesh.Change("north", $"deliveries/{RecordedMesh.Endpoint}/failures", SeriesKind.Count, _ => Math.Round(mesh.Between(2, 32)), mesh.Onset + 2, (int)mesh.Between(2, 6));
        return $"endpoint:{RecordedMesh.Endpoint}";
    }

    private static string Burst(RecordedMesh mesh)
    {
        var tenant = mesh.Between(0, 1) < 0.5 ? mesh.One(RecordedMesh.Tenants) : "newcomer";
        var level = mesh.Between(2_000, 50_000);
        mesh.Change(tenant, "events/lead.created/info", SeriesKind.Count, _ => Math.Round(level * mesh.Between(0.6, 1.4)), mesh.Onset, (int)mesh.Between(2, 8));
        if (level > 30_000)
        {
            // So much that the Command Center itself is felt to be slow.
            mesh.Change("default", "services/command-center/latency", SeriesKind.Milliseconds, _ => mesh.Between(300, 900), mesh.Onset + 1, 3);
        }
        return $"tenant:{tenant}";
    }
}
