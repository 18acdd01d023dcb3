using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.Orchestration;

/// <summary>One run of a mesh.</summary>
internal sealed class Mesh
{
    private const string Prefix = "aspire";

    /// <summary>What this run's processes, containers and network are known by.</summary>
    public string Id { get; } = string.Create(CultureInfo.InvariantCulture, $"{Prefix}-{Environment.ProcessId}-{Guid.NewGuid():n}")[..32];

    /// <summary>Whether the process that has begun a mesh may still be there.</summary>
    public static bool IsAlive(string mesh)
    {
        if (mesh.Split('-') is not [Prefix, var text, _] || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return false;
        }

        try
        {
            using var process = Process.GetProcessById(id);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>The marker of one resource's processes.</summary>
    public string MarkerOf(string resource) => $"{Id}/{resource}/";
}
