using System.Text.Json;

namespace AetherLink.ServiceDefaults;

/// <summary>
/// Grafana's own numbers of the regions that are open, in a file: what one process began the next can end. Used by the sender
/// alone; the file is not there before there is a region.
/// </summary>
internal sealed class OpenRegions
{
    private readonly string? _file;
    private readonly Dictionary<string, long> _numbers;
    private readonly ILogger _logger;
    private bool _complained;

    /// <param name="file">None where there is no Grafana.</param>
    /// <param name="logger">Is told when the disk does not take them.</param>
    public OpenRegions(string? file, ILogger<OpenRegions> logger)
    {
        _logger = logger;
        _file = file;
        _numbers = Read(file);
        FromBefore = [.. _numbers.Keys];
    }

    /// <summary>Those that another process has left open.</summary>
    public IReadOnlyList<string> FromBefore { get; }

    public long? Find(string key) => _numbers.TryGetValue(key, out var number) ? number : null;

    public void Open(string key, long number)
    {
        _numbers[key] = number;
        Write();
    }

    public void Forget(string key)
    {
        if (_numbers.Remove(key))
            Write();
    }

    private Dictionary<string, long> Read(string? file)
    {
        try
        {
            if (File.Exists(file) && JsonSerializer.Deserialize<Dictionary<string, long>>(File.ReadAllBytes(file)) is { } read)
                return new(read, StringComparer.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            Log.RegionsNotKept(_logger, e.Message);
        }
        return new(StringComparer.Ordinal);
    }

    /// <summary>They are for the eye: a disk that does not take them costs a region its end, and nothing else.</summary>
    private void Write()
    {
        if (_file is null)
            return;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
            var fresh = _file + ".new";
            File.WriteAllBytes(fresh, JsonSerializer.SerializeToUtf8Bytes(_numbers));
            File.Move(fresh, _file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_complained)
                Log.RegionsNotKept(_logger, e.Message);
            _complained = true;
        }
    }
}
