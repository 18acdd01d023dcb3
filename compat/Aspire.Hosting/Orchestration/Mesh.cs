using System.Globalization;

namespace Aspire.Hosting.Orchestration;

/// <summary>One run of a mesh.</summary>
internal sealed class Mesh
{
    /// <summary>What this run's processes, containers and network are known by.</summary>
    public string Id { get; } = $"aspire-{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}-{Guid.NewGuid():n}"[..32];

    /// <summary>The marker of one resource's processes.</summary>
    public string MarkerOf(string resource) => $"{Id}/{resource}/";
}
