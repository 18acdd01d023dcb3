using System.Diagnostics;
using AetherLink.Tests.Chaos;

namespace AetherLink.Tests.CommandCenter;

/// <summary>When a process was killed: between two timestamps.</summary>
internal readonly record struct Kill(long From, long To);

/// <summary>Two processes of the Command Center over one database, of which now one and now the other is killed, and started again.</summary>
internal sealed class KilledReplicas(string connectionString, SettableClock? clock = null) : IDisposable
{
    private readonly List<CommandCenterProcess> _replicas = [];
    private readonly List<Kill> _kills = [];

    public IReadOnlyList<CommandCenterProcess> All => _replicas;

    public IReadOnlyList<Kill> Times => _kills;

    public async Task StandUpAsync()
    {
        while (_replicas.Count < 2)
        {
            _replicas.Add(await CommandCenterProcess.StartAsync(connectionString, clock));
        }
    }

    public void Kill(int index)
    {
        var from = Stopwatch.GetTimestamp();
        _replicas[index].Kill();
        _kills.Add(new(from, Stopwatch.GetTimestamp()));
        Kills.Add();
        _replicas[index].Dispose();
        _replicas.RemoveAt(index);
    }

    public void Dispose() => _replicas.ForEach(replica => replica.Dispose());
}
