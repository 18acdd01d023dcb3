using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace AetherLink.CommandCenter.Failures.Answers;

/// <summary>Reads the head of a JSON answer, which may be cut off anywhere: what is a name of an error, and what a sentence about it.</summary>
internal static class JsonWords
{
    /// <summary>The longest name of an error that is one.</summary>
    private const int LongestName = 100;

    private static readonly FrozenSet<string> Names = new[]
    {
        "code", "type", "status", "error", "errors", "reason", "errorcode", "errortype", "errorname", "exception", "kind", "category", "subcode",
        "subtype", "errorsubcode", "name", "slug", "identifier", "title", "result", "id", "key", "policy", "policyname", "tag", "errcode", "errorstatus",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What was sent, or where it was wrong, where to read on, and which request it was.</summary>
    private static readonly FrozenSet<string> Unsaid = new[]
    {
        "input", "loc", "ctx", "param", "parameter", "field", "fields", "pointer", "value", "request", "body", "instance", "path", "requestid", "traceid", "trackingid",
        "correlationid", "documentationurl", "docurl", "moreinfo", "help", "helpurl", "timestamp", "stack", "trace", "userid", "url", "href",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static (string Names, string Said) Read(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var (names, said) = (new StringBuilder(), new StringBuilder());
        var (key, read) = ("", 0L);
        try
        {
            var json = new Utf8JsonReader(bytes, isFinalBlock: false, new JsonReaderState(new() { AllowTrailingCommas = true }));
            while (json.Read())
            {
                switch (json.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        key = Key(json.GetString()!);
                        break;
                    case JsonTokenType.String when !Unsaid.Contains(key):
                        Add(key, json.GetString()!, names, said);
                        break;
                    // With all that is in it, also where it is cut off.
                    case JsonTokenType.StartObject or JsonTokenType.StartArray when Unsaid.Contains(key) && !json.TrySkip():
                        return (names.ToString(), said.ToString());
                    default:
                        break;
                }
                read = json.BytesConsumed;
            }
        }
        catch (Exception none) when (none is JsonException or InvalidOperationException)
        {
            // What is no JSON from here on, or holds half a letter, may be a sentence all the same.
        }
        if (!Unsaid.Contains(key))
        {
            said.Append(' ').Append(Encoding.UTF8.GetString(bytes.AsSpan((int)read)));
        }
        return (names.ToString(), said.ToString());
    }

    private static void Add(string key, string value, StringBuilder names, StringBuilder said)
    {
        var isName = Names.Contains(key) || key.StartsWith("__", StringComparison.Ordinal);
        if (isName && Uri.TryCreate(value, UriKind.Absolute, out var type) && type.Scheme is "http" or "https")
        {
            // RFC 9457: a type of problem is an address, which ends in its name.
            value = (type.Fragment is { Length: > 1 } fragment ? fragment : type.Segments[^1]).Trim('#', '/');
        }
        (isName && value.Length <= LongestName && !value.AsSpan().Trim().Contains(' ') ? names : said).Append(' ').Append(value).Append(" ;");
    }

    /// <summary>errorCode, error_code and error-code are one.</summary>
    private static string Key(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant() is { Length: > 0 } key ? key : name;
}
