using System.Collections.Concurrent;

namespace AetherLink.CommandCenter.Mesh;

/// <summary>The last result of every probe.</summary>
internal sealed class HealthBoard(Catalogue catalogue, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Watch> _watches = new(StringComparer.Ordinal);

    public MeshHealth Current
    {
        get
        {
            var now = clock.GetUtcNow();
            return MeshHealth.Of(
                catalogue.Known.ToDictionary(
                    entry => entry.Name,
                    entry => _watches.GetValueOrDefault(entry.Name)?.Health ?? new(HealthStatus.Unknown, entry.Url, now, now),
                    StringComparer.Ordinal),
                catalogue.Self);
        }
    }

    public HealthChange Note(ServiceEntry entry, Probe probe, TimeSpan grace)
    {
        var (next, change) = Watch.After(_watches.GetValueOrDefault(entry.Name), entry.Url, probe, clock.GetUtcNow(), grace);
        _watches[entry.Name] = next;
        return change;
    }

    public void KeepOnly(IEnumerable<string> names)
    {
        foreach (var gone in _watches.Keys.Except(names, StringComparer.Ordinal))
        {
            _watches.TryRemove(gone, out _);
        }
    }
}
