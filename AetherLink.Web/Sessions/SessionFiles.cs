using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.DataProtection;

namespace AetherLink.Web.Sessions;

/// <summary>
/// Sessions as files in the data folder, encrypted: a restart signs nobody out, and replicas that share the folder share the
/// sessions. A file is named by the hash of the session's key, so that who reads the folder can take nobody's place.
/// </summary>
internal sealed class SessionFiles(DataFolder folder, IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>A working day; each use renews it.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(10);

    /// <summary>The time of the last use need not be known better than this, and is not written for every request.</summary>
    private static readonly TimeSpan Grain = TimeSpan.FromMinutes(5);

    /// <summary>A refresh takes some hundred milliseconds; whoever waits for one looks this often.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(20);

    private const string Extension = ".session";
    private const string LockExtension = ".lock";

    private readonly string _folder = folder.For("sessions");
    private readonly IDataProtector _seal = protection.CreateProtector("aetherlink.sessions");

    /// <summary>The session, or null when there is none of this key, or its time is over.</summary>
    public async Task<PersonSession?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        var file = FileOf(key);
        try
        {
            var now = clock.GetUtcNow();
            var idle = now - File.GetLastWriteTimeUtc(file);
            if (idle > Life)
                return null;
            var session = JsonSerializer.Deserialize(
                _seal.Unprotect(await File.ReadAllBytesAsync(file, cancellationToken)), PersonSessionJson.Default.PersonSession);
            if (idle > Grain)
                File.SetLastWriteTimeUtc(file, now.UtcDateTime);
            return session;
        }
        catch (Exception gone) when (gone is IOException or CryptographicException or JsonException)
        {
            // Ended meanwhile, or written under keys that are not there any more.
            return null;
        }
    }

    public async Task WriteAsync(string key, PersonSession session)
    {
        var file = FileOf(key);
        var unfinished = $"{file}.{Guid.NewGuid():N}";
        // Not to be broken off: the issuer gives a refresh token once.
        await File.WriteAllBytesAsync(
            unfinished, _seal.Protect(JsonSerializer.SerializeToUtf8Bytes(session, PersonSessionJson.Default.PersonSession)), CancellationToken.None);
        File.SetLastWriteTimeUtc(unfinished, clock.GetUtcNow().UtcDateTime);
        File.Move(unfinished, file, overwrite: true);
    }

    public void Delete(string key)
    {
        File.Delete(FileOf(key));
        File.Delete(Path.ChangeExtension(FileOf(key), LockExtension));
    }

    /// <summary>One at a time, over all replicas that share the folder.</summary>
    public async Task<IDisposable> TakeTurnAsync(string key, CancellationToken cancellationToken)
    {
        var file = Path.ChangeExtension(FileOf(key), LockExtension);
        using var timer = new PeriodicTimer(Turn, clock);
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException held) when (held is not DirectoryNotFoundException)
            {
                await timer.WaitForNextTickAsync(cancellationToken);
            }
        }
    }

    /// <summary>Removes what nobody comes back to, and what a killed process had not finished.</summary>
    public void Prune()
    {
        var before = (clock.GetUtcNow() - Life).UtcDateTime;
        foreach (var file in Directory.EnumerateFiles(_folder))
            if (File.GetLastWriteTimeUtc(file) < before)
                File.Delete(file);
    }

    /// <summary>Names the session without giving it away.</summary>
    public static string NameOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private string FileOf(string key) => Path.Combine(_folder, NameOf(key) + Extension);
}
