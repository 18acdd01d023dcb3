using System.Text.Json;

namespace AetherLink.Nab.Files;

/// <summary>
/// A folder in the benchmark's layout: series under <c>data/</c> (or under the folder itself), and the labelled windows in
/// <c>combined_windows.json</c>, where there are any.
/// </summary>
internal sealed class NabFolder
{
    private static readonly string[] LabelFiles = ["combined_windows.json", Path.Combine("labels", "combined_windows.json")];

    private NabFolder(IReadOnlyList<NabSeries> series, IReadOnlyDictionary<string, Window[]>? windows) => (Series, Windows) = (series, windows);

    public IReadOnlyList<NabSeries> Series { get; }

    /// <summary>The windows by the file's name; null where the folder has no labels.</summary>
    public IReadOnlyDictionary<string, Window[]>? Windows { get; }

    public static NabFolder Read(string folder)
    {
        var data = Directory.Exists(Path.Combine(folder, "data")) ? Path.Combine(folder, "data") : folder;
        var labels = LabelFiles.Select(file => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
        return new(ReadSeries(data), labels is null ? null : ReadWindows(labels));
    }

    /// <summary>Every CSV below the folder, named by its path from there, in one order on every machine.</summary>
    public static IReadOnlyList<NabSeries> ReadSeries(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.csv", SearchOption.AllDirectories)
            .Select(path => (Path: path, Name: Path.GetRelativePath(folder, path).Replace('\\', '/')))
            .OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => NabSeries.Read(file.Path, file.Name))];

    private static Dictionary<string, Window[]> ReadWindows(string path)
    {
        var raw = JsonSerializer.Deserialize<Dictionary<string, string[][]>>(File.ReadAllText(path)) ?? [];
        return raw.ToDictionary(
            file => file.Key,
            file => file.Value.Select(ends => new Window(Time(ends[0]), Time(ends[1]))).ToArray());

        DateTime Time(string text) =>
            NabSeries.TryTime(text, out var time) ? time : throw new InvalidDataException($"{path}: '{text}' is no time.");
    }
}

/// <summary>A labelled anomaly: from its first to its last point, both inside.</summary>
internal readonly record struct Window(DateTime From, DateTime To);
