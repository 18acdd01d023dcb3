namespace AetherLink.CommandCenter.Failures;

/// <summary>Words by which something is known, in answers of some numbers.</summary>
/// <param name="From">The least status.</param>
/// <param name="To">The largest.</param>
/// <param name="Words">Of each line one word at least must be there.</param>
/// <param name="Finding">What they say.</param>
internal readonly record struct Mark(int From, int To, string[][] Words, Finding Finding)
{
    public bool Fits(int status, string text)
    {
        if (status < From || status > To)
        {
            return false;
        }
        foreach (var line in Words)
        {
            if (!Array.Exists(line, word => text.Contains(word, StringComparison.OrdinalIgnoreCase)))
            {
                return false;
            }
        }
        return true;
    }
}

internal static class Marks
{
    /// <param name="from">The least status.</param>
    /// <param name="to">The largest.</param>
    /// <param name="finding">What any of the texts says.</param>
    /// <param name="texts">Each one text, or several with &amp; between them, which must all be there; a | stands between words of which one will do.</param>
    public static IEnumerable<Mark> Of(int from, int to, Finding finding, params string[] texts) =>
        texts.Select(text => new Mark(from, to, [.. text.Split('&').Select(line => line.Split('|'))], finding));

    public static Finding? First(IReadOnlyList<Mark> marks, int status, string text)
    {
        foreach (var mark in marks)
        {
            if (mark.Fits(status, text))
            {
                return mark.Finding;
            }
        }
        return null;
    }
}
