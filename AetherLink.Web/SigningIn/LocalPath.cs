namespace AetherLink.Web.SigningIn;

/// <summary>Where a person wanted to go: a path of this site, and nothing that a browser could read as another one.</summary>
internal static class LocalPath
{
    private const string Home = "/";

    /// <summary>Longer than any address of ours; it travels in the state, and with it in an address.</summary>
    private const int Longest = 1024;

    /// <summary>
    /// Browsers read a backslash as a slash, and drop tabs and line ends: <c>/\evil</c> and <c>/\t/evil</c> are addresses of
    /// <c>evil</c>. Anything but a plain path becomes the overview.
    /// </summary>
    public static string Of(string? wanted) =>
        wanted is { Length: > 0 and <= Longest } && wanted[0] == '/' && !wanted.StartsWith("//", StringComparison.Ordinal)
        && !wanted.StartsWith("/api/", StringComparison.OrdinalIgnoreCase)
        && wanted.All(letter => letter is > ' ' and < '\x7f' and not '\\')
            ? wanted
            : Home;
}
