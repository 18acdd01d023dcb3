using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace AetherLink.Orchestrator.Settings;

/// <summary>Reads a YAML mapping field by field, and notes what is wrong with the line it stands on.</summary>
internal sealed class YamlFields
{
    private readonly Dictionary<string, (YamlScalarNode Key, YamlNode Value)> _fields = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly List<SettingsFault> _faults;
    private readonly string _where;

    public YamlFields(YamlMappingNode node, string where, List<SettingsFault> faults)
    {
        (_where, _faults, Line) = (where, faults, LineOf(node));
        foreach (var (key, value) in node.Children)
        {
            if (key is YamlScalarNode { Value: { } name } scalar) _fields[name] = (scalar, value);
            else Fault(key, "a key is not text");
        }
    }

    public int Line { get; }

    public static int LineOf(YamlNode node) => (int)node.Start.Line;

    public void Fault(YamlNode node, string message) => _faults.Add(new(LineOf(node), _where + message));

    public void Fault(string field, string message)
    {
        var line = _fields.TryGetValue(field, out var found) ? LineOf(found.Key) : Line;
        _faults.Add(new(line, $"{_where}{field} {message}"));
    }

    public bool Has(string field) => _fields.ContainsKey(field);

    public IReadOnlyCollection<string> Names => _fields.Keys;

    /// <summary>The mappings within a mapping, by their names.</summary>
    public IReadOnlyList<(string Name, YamlFields Fields)> Mappings(string field)
    {
        if (Mapping(field) is not { } all) return [];
        var mappings = new List<(string, YamlFields)>();
        foreach (var name in all.Names)
        {
            if (all.Mapping(name) is { } one) mappings.Add((name, one));
        }
        return mappings;
    }

    public string? Text(string field, bool required = false)
    {
        if (Find(field) is not { } node)
        {
            if (required) Fault(field, "is missing");
            return null;
        }
        if (node is YamlScalarNode { Value: { } text } && text.Trim().Length > 0) return text.Trim();
        Fault(field, "must be text");
        return null;
    }

    public int Whole(string field, int otherwise, int min, int max, string unit = "")
    {
        if (Find(field) is not { } node) return otherwise;
        if (node is YamlScalarNode { Value: { } text }
            && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max)
        {
            return number;
        }
        Fault(field, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {min} to {max}{unit}, not '{node}'"));
        return otherwise;
    }

    public double Number(string field, double min, double max)
    {
        if (Find(field) is not { } node) return 0;
        if (node is YamlScalarNode { Value: { } text }
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max)
        {
            return number;
        }
        Fault(field, string.Create(CultureInfo.InvariantCulture, $"must be a number from {min} to {max}, not '{node}'"));
        return 0;
    }

    public IReadOnlyList<(string Text, YamlNode Node)> Texts(string field)
    {
        if (Find(field) is not { } node) return [];
        if (node is not YamlSequenceNode list)
        {
            Fault(field, "must be a list");
            return [];
        }
        foreach (var item in list.Children.Where(c => c is not YamlScalarNode { Value.Length: > 0 }))
            Fault(item, $"{field} holds something that is not text");
        return [.. list.Children.OfType<YamlScalarNode>().Where(c => c.Value is { Length: > 0 }).Select(c => (c.Value!, (YamlNode)c))];
    }

    public YamlFields? Mapping(string field)
    {
        if (Find(field) is not { } node) return null;
        if (node is YamlMappingNode mapping) return new YamlFields(mapping, $"{_where}{field}.", _faults);
        Fault(field, "must be a mapping");
        return null;
    }

    public IReadOnlyList<YamlNode> Items(string field)
    {
        if (Find(field) is not { } node) return [];
        if (node is YamlSequenceNode list) return [.. list.Children];
        Fault(field, "must be a list");
        return [];
    }

    /// <summary>Whatever nobody asked for is a fault: a misspelt key would otherwise be silently without effect.</summary>
    public void NothingElse()
    {
        foreach (var (name, (key, _)) in _fields.Where(f => !_asked.Contains(f.Key)))
        {
            var secret = name.Contains("key", StringComparison.OrdinalIgnoreCase) || name.Contains("secret", StringComparison.OrdinalIgnoreCase);
            Fault(key, secret
                ? $"{name}: keys never stand in this file; set ANTHROPIC_API_KEY or OPENAI_API_KEY in configuration or secrets"
                : $"{name} is not known here; known: {string.Join(", ", _asked.Order(StringComparer.Ordinal))}");
        }
    }

    private YamlNode? Find(string field)
    {
        _asked.Add(field);
        return _fields.TryGetValue(field, out var found) ? found.Value : null;
    }
}
