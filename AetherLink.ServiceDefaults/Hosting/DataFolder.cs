namespace AetherLink.ServiceDefaults;

/// <summary>The folder in which this service keeps its spools and journals: <c>DATA_DIR</c>.</summary>
public sealed class DataFolder : IDisposable
{
    private readonly bool _isTemporary;

    internal DataFolder(IConfiguration configuration, ServiceIdentity identity, ILogger<DataFolder> logger)
    {
        _isTemporary = configuration["DATA_DIR"] is not { Length: > 0 };
        // Of this process alone: two that share a folder would fight over its locks.
        Path = _isTemporary
            ? System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"aetherlink-{identity.Instance}")
            : System.IO.Path.GetFullPath(configuration["DATA_DIR"]!);
        Directory.CreateDirectory(Path);
        if (_isTemporary)
            Log.DataFolderIsTemporary(logger, Path);
    }

    /// <summary>The folder; it exists.</summary>
    public string Path { get; }

    /// <summary>A folder in it; made when it does not exist.</summary>
    public string For(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;

    /// <summary>Removes the folder when it was made for this process alone.</summary>
    public void Dispose()
    {
        if (_isTemporary && Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
