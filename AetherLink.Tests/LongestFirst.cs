using AetherLink.Tests.Chaos;
using AetherLink.Tests.CommandCenter;
using AetherLink.Tests.CommandCenter.Alerts;
using AetherLink.Tests.CommandCenter.Deliveries;
using AetherLink.Tests.CommandCenter.Insights;
using AetherLink.Tests.Identity;
using AetherLink.Tests.Mesh;
using AetherLink.Tests.Orchestrator;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("AetherLink.Tests.LongestFirst", "AetherLink.Tests")]

namespace AetherLink.Tests;

/// <summary>What takes longest begins first: begun last, it would be waited for alone.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest =
    [
        SharedMesh.Name,
        Of<AppHostKilledTests>(), Of<DispatcherKilledTests>(), Of<ClockSetTests>(), Of<KafkaRelayTests>(), Of<KafkaIngestTests>(), Of<EvaluatorProperties>(), Of<SimulatedMonthTests>(),
        Of<OidcProviderTests>(), Of<AuditedTests>(), Of<CommandCenter.StreamingTests>(),
    ];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(one =>
            Array.FindIndex(Longest, name => one.DisplayName.EndsWith(name, StringComparison.Ordinal)) is var place and >= 0 ? place : Longest.Length);

    private static string Of<T>() => typeof(T).FullName!;
}
