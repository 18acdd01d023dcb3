using System.Text.Json.Nodes;

namespace AetherLink.Tests.Chaos;

/// <summary>A kind of fault in a running mesh: it does it, undoes it, and says which node was its cause; none for a quiet time.</summary>
internal sealed record LiveFault(string Kind, bool ShowsInSeries, Func<CausesMesh, int, Task<string?>> Strike)
{
    private static readonly string[] Slowed = ["orchestrator", "web", "auto-heal"];
    private static readonly string[] Killed = ["orchestrator", "web", "command-center", "auto-heal"];

    /// <summary>Two buckets, and what is lost at their edges.</summary>
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(28);

    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(14);

    public static readonly LiveFault None = new("none", true, async (_, _) =>
    {
        await Faults.PassAsync(Outage);
        return null;
    });

    public static readonly LiveFault[] All =
    [
        new("dead service", false, async (mesh, run) =>
        {
            Assert.True(mesh.Kill(Killed[run % Killed.Length]));
            await Faults.PassAsync(TimeSpan.FromSeconds(4));
            return Killed[run % Killed.Length];
        }),
        new("slow service", true, async (mesh, run) =>
        {
            var service = Slowed[run % Slowed.Length];
            // It is stopped for most of the time: nine of ten answers wait, and on the average for most of a second. How long a probe each two
            // seconds waits moves by a quarter of a second: five in a row wait for a third of one on the average at least. Three buckets are whole.
            for (var times = 0; times < 24; times++)
            {
                mesh.Freeze(service);
                await Faults.PassAsync(TimeSpan.FromSeconds(1.5));
                mesh.Thaw(service);
                await Faults.PassAsync(TimeSpan.FromSeconds(0.25));
            }
            return service;
        }),
        new("Postgres stalled", false, async (mesh, _) =>
        {
            mesh.FreezeAll("postgres");
            await Faults.PassAsync(Outage);
            mesh.ThawAll("postgres");
            return "postgres";
        }),
        new("Kafka away", false, async (mesh, _) =>
        {
            await mesh.TellBrokerAsync("down");
            await Faults.PassAsync(Outage);
            await mesh.TellBrokerAsync("up");
            return "kafka";
        }),
        new("provider failing", false, async (mesh, _) =>
        {
            var before = mesh.ProviderTakes;
            mesh.ProviderTakes = null;
            await Faults.PassAsync(Outage);
            mesh.ProviderTakes = before;
            return "provider:ollama";
        }),
        new("provider slow", true, async (mesh, _) =>
        {
            var before = mesh.ProviderTakes;
            mesh.ProviderTakes = TimeSpan.FromSeconds(1.5);
            await Faults.PassAsync(Lasting);
            mesh.ProviderTakes = before;
            return "provider:ollama";
        }),
        new("endpoint black-holed", true, async (mesh, run) =>
        {
            var tenant = CausesMesh.Tenants[run % CausesMesh.Tenants.Length];
            var node = await mesh.AddEndpointAsync(tenant);
            mesh.ReceiverIsSilent = true;
            await Faults.PassAsync(Lasting);
            mesh.ReceiverIsSilent = false;
            await mesh.RemoveEndpointAsync(tenant, node);
            return node;
        }),
        new("burst from a tenant", true, async (mesh, run) =>
        {
            var tenant = run % 2 == 0 ? $"burst-{Guid.NewGuid():N}" : CausesMesh.Tenants[run % CausesMesh.Tenants.Length];
            await mesh.BurstAsync(tenant, 12);
            return $"tenant:{tenant}";
        }),
    ];

    public override string ToString() => Kind;
}

/// <summary>What the Command Center says of a window.</summary>
internal static class CauseQuestions
{
    public static async Task<JsonObject?> CausesAsync(this ChaosMesh mesh, DateTimeOffset from, DateTimeOffset to)
    {
        using var client = mesh.Client("command-center", "operator");
        client.Timeout = TimeSpan.FromSeconds(5);
        try
        {
            return (JsonObject?)JsonNode.Parse(await client.GetStringAsync(
                new Uri($"/insights/causes?from={from.UtcDateTime:O}&to={to.UtcDateTime:O}", UriKind.Relative)));
        }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    public static string[] Nodes(this JsonObject? answer) => [.. answer?["causes"]!.AsArray().Select(cause => (string)cause!["node"]!) ?? []];

    /// <summary>Who needs whom, as the AppHost has it: written down here once more, so that what the mesh says of itself is held against something.</summary>
    private static readonly HashSet<(string Dependent, string Dependency)> References =
    [
        ("web", "command-center"), ("web", "orchestrator"), ("web", "auto-heal"),
        ("command-center", "postgres"), ("command-center", "kafka"), ("command-center", "orchestrator"), ("command-center", "auto-heal"), ("command-center", "web"),
        ("orchestrator", "postgres"), ("orchestrator", "kafka"), ("auto-heal", "postgres"), ("auto-heal", "kafka"), ("auto-heal", "command-center"), ("auto-heal", "orchestrator"), ("auto-heal", "web"),
    ];

    /// <summary>Two probes of one moment may see the effect first.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(15);

    /// <summary>
    /// What is wrong with the paths: each begins at its cause, each step is a reference of the mesh, was seen with something to look at, in the
    /// window, and no sooner than what it came from.
    /// </summary>
    public static IEnumerable<string> FalsePaths(this JsonObject? answer) =>
        from cause in answer?["causes"]!.AsArray() ?? []
        from path in cause!["spread"]!.AsArray()
        where (string?)path![0]!["node"] != (string?)cause["node"] || path.AsArray().Any(step => string.IsNullOrEmpty((string?)step!["text"]))
            || path.AsArray().Zip(path.AsArray().Skip(1)).Any(step => !IsStep(step.First!, step.Second!))
        select path!.ToJsonString();

    private static bool IsStep(JsonNode from, JsonNode to)
    {
        var (cause, effect) = ((string)from["node"]!, (string)to["node"]!);
        var isReference = References.Contains((effect, cause))
            || (effect == "orchestrator" && cause.StartsWith("provider:", StringComparison.Ordinal))
            || (effect == "command-center" && (cause.StartsWith("endpoint:", StringComparison.Ordinal) || cause.StartsWith("tenant:", StringComparison.Ordinal)));
        return isReference && (DateTimeOffset)to["since"]! >= (DateTimeOffset)from["since"]! - Skew;
    }
}
