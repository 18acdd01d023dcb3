namespace AetherLink.Orchestrator.Routing;

/// <summary>What somebody else said, as a word of it is repeated: short, and without characters that a log or a column would stumble over.</summary>
internal static class OneLine
{
    public static string Of(string text, int most)
    {
        var length = text.Length <= most ? text.Length : char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;
        if (length == text.Length && !HasControls(text)) return text;
        var line = string.Create(length, text, (span, whole) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = char.IsControl(whole[i]) ? ' ' : whole[i];
        });
        return length == text.Length ? line : line + "…";
    }

    private static bool HasControls(ReadOnlySpan<char> text) => text.ContainsAnyInRange('\u0000', '\u001f') || text.ContainsAnyInRange('\u007f', '\u009f');
}
