namespace AetherLink.CommandCenter.Healing;

/// <summary>A pattern of endpoints' URLs as it is shown. A whole URL is one as well, and its path is a credential.</summary>
internal static class EndpointPattern
{
    private const string Mask = "***";

    public static string Masked(string pattern)
    {
        var scheme = pattern.IndexOf("://", StringComparison.Ordinal);
        var host = scheme < 0 ? 0 : scheme + 3;
        var user = pattern.IndexOf('@', host);
        var path = pattern.AsSpan(host).IndexOfAny('/', '?', '#') is >= 0 and var at ? host + at : pattern.Length;
        var shown = user >= 0 && user < path ? pattern[..host] + Mask + pattern[user..path] : pattern[..path];
        return pattern[path..].Trim('/', '*').Length == 0 ? shown + pattern[path..] : $"{shown}/{Mask}";
    }
}
