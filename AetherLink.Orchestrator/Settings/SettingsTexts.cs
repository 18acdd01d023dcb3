namespace AetherLink.Orchestrator.Settings;

/// <summary>
/// The texts that a chain is made of: the file, the prompts and schemas that it names, and what configuration says over it.
/// Compared by text: times are coarse, and a mounted file is swapped whole.
/// </summary>
internal sealed class SettingsTexts
{
    private const int MaxChars = 1 << 20;

    private readonly string _file;
    private readonly IConfiguration _configuration;
    private readonly string _overrides;
    private readonly Dictionary<string, string?> _beside = new(StringComparer.Ordinal);

    private SettingsTexts(string file, IConfiguration configuration)
    {
        (_file, _configuration) = (file, configuration);
        Main = File.ReadAllText(file);
        _overrides = OverridesOf(configuration);
    }

    public string Main { get; }

    public static SettingsTexts Of(string file, IConfiguration configuration) => new(file, configuration);

    /// <summary>What stands at a path beside the file; null when nothing does, or when the path leads out of its folder.</summary>
    public string? Beside(string path)
    {
        if (_beside.TryGetValue(path, out var text)) return text;
        // Known also where it cannot be read: once it can, that is a change.
        _beside[path] = null;
        return _beside[path] = Read(path);
    }

    public bool HaveChanged() =>
        File.ReadAllText(_file) != Main || OverridesOf(_configuration) != _overrides || _beside.Any(known => Read(known.Key) != known.Value);

    private string? Read(string path)
    {
        var folder = Path.GetDirectoryName(_file)!;
        var full = Path.GetFullPath(path, folder);
        if (!full.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) || !File.Exists(full)) return null;
        return new FileInfo(full).Length <= MaxChars ? File.ReadAllText(full) : null;
    }

    // A rotated secret makes new clients, as an edit does. What is compared stays in memory, where configuration has it anyway.
    private static string OverridesOf(IConfiguration configuration) => string.Join('\n', configuration.GetChildren()
        .Where(c => c.Key.StartsWith("PROVIDER_", StringComparison.OrdinalIgnoreCase) || c.Key is "ANTHROPIC_API_KEY" or "OPENAI_API_KEY")
        .OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key}={c.Value}"));
}
