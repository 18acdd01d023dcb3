using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Orchestration;

/// <summary>A builder of compat's: of an application, or of one under test.</summary>
internal interface IStoreOwner
{
    AspireStore Store { get; }
}

/// <summary>
/// The folder that keeps what outlives a run: volumes and generated values, together, since a database's data is worth
/// nothing without its password.
/// </summary>
internal sealed class AspireStore(string basePath)
{
    internal const string PathKey = "Aspire:Store:Path";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly Lock _lock = new();

    public string BasePath { get; } = basePath;

    private string ValuesFile => Path.Combine(BasePath, "values.json");

    public static AspireStore Of(IDistributedApplicationBuilder builder) =>
        ((IStoreOwner)builder).Store;

    public static AspireStore Open(IConfiguration configuration, string appHostDirectory)
    {
        var path = configuration[PathKey] is { Length: > 0 } configured ? configured : Path.Combine("obj", ".aspire");
        return new(Path.GetFullPath(path, appHostDirectory));
    }

    /// <summary>The folder of a volume, made when it is missing.</summary>
    public string Volume(string name) => Directory.CreateDirectory(Path.Combine(BasePath, "volumes", name)).FullName;

    /// <summary>The folder of this run, which goes with it.</summary>
    public string RunFolder { get; private set; } = Path.Combine(basePath, "run");

    /// <summary>Begins a run, and removes what runs have left that nobody could end in order, such as by a loss of power.</summary>
    public void BeginRun(Mesh mesh)
    {
        var runs = new DirectoryInfo(Path.Combine(BasePath, "run"));
        foreach (var run in runs.Exists ? runs.EnumerateDirectories().Where(run => !Mesh.IsAlive(run.Name)) : [])
        {
            run.Delete(recursive: true);
        }

        RunFolder = Path.Combine(runs.FullName, mesh.Id);
    }

    /// <summary>A folder of a resource for this run only.</summary>
    public string Scratch(string resource) => Directory.CreateDirectory(Path.Combine(RunFolder, resource)).FullName;

    public string GetOrAddValue(string name, Func<string> create)
    {
        lock (_lock)
        {
            var values = File.Exists(ValuesFile)
                ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(ValuesFile)) ?? []
                : [];
            if (!values.TryGetValue(name, out var value))
            {
                values[name] = value = create();
                Directory.CreateDirectory(BasePath);
                using var file = new FileStream(ValuesFile, ForOwnerOnly());
                JsonSerializer.Serialize(file, values, Indented);
            }

            return value;
        }
    }

    private static FileStreamOptions ForOwnerOnly()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}

/// <summary>A default that is made once, and kept in the store.</summary>
internal sealed class StoredParameterDefault(string name, ParameterDefault inner, AspireStore store) : ParameterDefault
{
    public override string GetDefaultValue() => store.GetOrAddValue(name, inner.GetDefaultValue);

    public override void WriteToManifest(Publishing.ManifestPublishingContext context) => inner.WriteToManifest(context);
}
