using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AetherLink.Tests.Mesh;

[Collection(SharedMesh.Name)]
public sealed partial class DashboardTests(MeshFixture mesh)
{
    /// <summary>Prometheus makes this one itself, for each target.</summary>
    private static readonly string[] MadeByPrometheus = ["up"];

    [Fact]
    public async Task Every_metric_that_a_dashboard_names_is_exported()
    {
        using var commandCenter = mesh.Client("command-center", "agent,operator");
        using var published = await commandCenter.PostAsync("/events/publish", new StringContent(
            """{"event_type":"lead.created","source":"dashboards","payload":{"lead_id":"1"}}""", System.Text.Encoding.UTF8, "application/json"));
        published.EnsureSuccessStatusCode();

        var exported = new HashSet<string>(MadeByPrometheus);
        foreach (var service in MeshFixture.Services)
        {
            using var client = mesh.Client(service);
            exported.UnionWith(SampleName().Matches(await client.GetStringAsync("/metrics")).Select(match => match.Value));
        }

        var named = Directory.EnumerateFiles(Path.Combine(Repository.Root, "config", "grafana", "dashboards"), "*.json")
            .SelectMany(file => Expressions(JsonNode.Parse(File.ReadAllText(file))!))
            .SelectMany(expression => MetricName().Matches(expression).Select(match => match.Groups["name"].Value))
            .ToHashSet();

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(exported));
    }

    internal static IEnumerable<string> Expressions(JsonNode dashboard) =>
        dashboard["panels"]!.AsArray().SelectMany(panel => panel!["targets"]!.AsArray()).Select(target => (string)target!["expr"]!);

    [GeneratedRegex("^[a-zA-Z_:][a-zA-Z0-9_:]*", RegexOptions.Multiline)]
    private static partial Regex SampleName();

    /// <summary>A name that no bracket, label list or keyword makes something else: `rate(name[1m])`, `sum(name)`, or alone.</summary>
    [GeneratedRegex(@"(?:^|[\s(])(?<name>(?!by\b|sum\b|rate\b|le\b|job\b|severity\b)[a-z][a-z0-9_]+)(?=$|[\[){])")]
    private static partial Regex MetricName();
}
