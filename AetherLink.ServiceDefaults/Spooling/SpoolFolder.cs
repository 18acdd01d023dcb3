using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace AetherLink.ServiceDefaults;

/// <summary>How large a spool may become.</summary>
/// <param name="MaxBytes">What may wait in it.</param>
/// <param name="SegmentBytes">After how many bytes a new segment begins; handed-on segments are removed.</param>
/// <param name="ReadBytes">How much is read at once.</param>
internal sealed record SpoolLimits(long MaxBytes = 256L << 20, long SegmentBytes = 8L << 20, int ReadBytes = 1 << 20);

/// <summary>The files of a spool: segments, the position, and the lock that keeps a second process out.</summary>
internal sealed class SpoolFolder : IDisposable
{
    private const string Extension = ".seg";
    private readonly string _path;
    private readonly FileStream _lock;

    private SpoolFolder(string path, FileStream theLock) => (_path, _lock) = (path, theLock);

    private string PositionFile => Path.Combine(_path, "position");

    public static SpoolFolder Open(string path)
    {
        Directory.CreateDirectory(path);
        try
        {
            // The kernel lets go of it when the process dies, however it dies.
            return new(path, new(Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException locked)
        {
            throw new IOException($"{path} is in use by another process: give each process a DATA_DIR of its own.", locked);
        }
    }

    public List<long> Segments() =>
        [.. Directory.EnumerateFiles(_path, "*" + Extension)
            .Select(file => long.Parse(Path.GetFileNameWithoutExtension(file), CultureInfo.InvariantCulture))
            .Order()];

    public string Segment(long start) =>
        Path.Combine(_path, start.ToString("D20", CultureInfo.InvariantCulture) + Extension);

    public SafeFileHandle OpenSegment(long start) =>
        File.OpenHandle(Segment(start), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Null when there is none, or none that can be read: then everything is handed on once more.</summary>
    public long? ReadPosition() =>
        File.Exists(PositionFile)
        && long.TryParse(File.ReadAllText(PositionFile), NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? position
            : null;

    public void WritePosition(long position)
    {
        var fresh = PositionFile + ".new";
        File.WriteAllText(fresh, position.ToString(CultureInfo.InvariantCulture));
        File.Move(fresh, PositionFile, overwrite: true);
    }

    public void Dispose() => _lock.Dispose();
}
