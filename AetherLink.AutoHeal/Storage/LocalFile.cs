using System.Text.Json;
using AetherLink.ServiceDefaults;

namespace AetherLink.AutoHeal.Storage;

/// <summary>Rows in a local file that is replaced as a whole: a kill at any moment leaves the old one or the new one.</summary>
internal sealed class LocalFile<T>(string path, ILogger logger)
{
    public T[] Read()
    {
        if (!File.Exists(path))
            return [];
        try
        {
            return JsonSerializer.Deserialize<T[]>(File.ReadAllBytes(path), Json.Wire) ?? [];
        }
        catch (JsonException damaged)
        {
            // Not of our making; kept for whoever wants to know, and out of the way.
            File.Move(path, path + ".damaged", overwrite: true);
            Log.JournalDamaged(logger, damaged, path);
            return [];
        }
    }

    public void Write(IEnumerable<T> rows)
    {
        var next = path + ".next";
        try
        {
            File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(rows, Json.Wire));
            File.Move(next, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A full disk, or one that is not ours, must not stop the healing; Postgres and the memory still have it.
            Log.JournalNotWritten(logger, failure, path);
        }
    }
}
