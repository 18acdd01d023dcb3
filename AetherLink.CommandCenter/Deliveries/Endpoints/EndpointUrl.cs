using System.Diagnostics.CodeAnalysis;

namespace AetherLink.CommandCenter.Deliveries.Endpoints;

/// <summary>Where an endpoint is. Paths and queries of such URLs are credentials, so that it prints itself without them.</summary>
internal sealed class EndpointUrl
{
    public const int Longest = 2_048;

    private EndpointUrl(Uri uri) => Uri = uri;

    /// <summary>The whole of it, for the one who sends.</summary>
    public Uri Uri { get; }

    public string Masked => $"{Uri.Scheme}://{Uri.Authority}{(Uri.PathAndQuery.Length > 1 ? "/***" : "/")}";

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out EndpointUrl? url)
    {
        url = text is { Length: > 0 and <= Longest } && !text.Any(char.IsControl) && Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && uri is { Scheme: "http" or "https", Host.Length: > 0 }
            ? new(uri)
            : null;
        return url is not null;
    }

    /// <summary>From the table, where it was checked on its way in.</summary>
    public static EndpointUrl Stored(string text) => new(new Uri(text));

    public string Reveal() => Uri.AbsoluteUri;

    public override string ToString() => Masked;
}
