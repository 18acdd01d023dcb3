using System.Collections.Concurrent;

namespace AetherLink.CommandCenter.Mesh;

/// <summary>The last result of every probe.</summary>
internal sealed class HealthBoard(Catalogue catalogue, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Watch> _watches = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, string> _versions = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, bool> _open = new(StringComparer.Ordinal);

    public MeshHealth Current
    {
        get
        {
            var now = clock.GetUtcNow();
            return MeshHealth.Of(
                catalogue.Known.ToDictionary(
                    entry => entry.Name,
                    entry => (_watches.GetValueOrDefault(entry.Name)?.Health ?? new(HealthStatus.Unknown, entry.Url, now, now)) with
                    {
                        RbacEnabled = _open.GetValueOrDefault(entry.Name) ? false : null,
                    },
                    StringComparer.Ordinal),
                catalogue.Self);
        }
    }

    /// <summary>An entry, with when it last answered well, and the version that it said it has.</summary>
    public ServiceEntry Completed(ServiceEntry entry) => entry with
    {
        Version = entry.Version ?? _versions.GetValueOrDefault(entry.Name),
        LastSeen = _watches.GetValueOrDefault(entry.Name)?.Health is { Status: HealthStatus.Up, LastChecked: var seen } && !(entry.LastSeen > seen)
            ? seen
            : entry.LastSeen,
    };

    public bool IsUp(string name) => _watches.GetValueOrDefault(name)?.Health.Status is HealthStatus.Up;

    /// <summary>The version that it said it has; null while nobody knows.</summary>
    public string? VersionOf(string name) => _versions.GetValueOrDefault(name);

    public void NoteVersion(string name, string version) => _versions[name] = version;

    /// <summary>Whether it lets everybody do everything.</summary>
    public void NoteOpen(string name, bool isOpen) => _open[name] = isOpen;

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
            _versions.TryRemove(gone, out _);
            _open.TryRemove(gone, out _);
        }
    }
}
