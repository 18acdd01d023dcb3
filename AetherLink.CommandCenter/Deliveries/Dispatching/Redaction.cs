using System.Net;
using System.Text;
using AetherLink.CommandCenter.Deliveries.Endpoints;

namespace AetherLink.CommandCenter.Deliveries.Dispatching;

/// <summary>
/// Takes the endpoint's own path, query and user out of what its receiver answers: they are credentials, and many receivers say
/// what they were asked for ("Cannot POST /services/…"). Pure.
/// </summary>
internal static class Redaction
{
    private const string Mask = "***";

    /// <summary>Shorter parts of a path are words such as hook or api, and no credentials.</summary>
    private const int ShortestPart = 6;

    /// <summary>What of the text comes from its first so many letters, without the credentials that begin in them; so many bytes of it at most.</summary>
    public static string Head(string text, EndpointUrl url, int most)
    {
        var hidden = new bool[text.Length];
        foreach (var secret in Secrets(url.Uri))
        {
            for (var at = 0; (at = text.IndexOf(secret, at, StringComparison.OrdinalIgnoreCase)) >= 0; at += secret.Length)
            {
                hidden.AsSpan(at, secret.Length).Fill(true);
            }
        }
        var head = new StringBuilder();
        for (var at = 0; at < text.Length && at < most; at++)
        {
            if (!hidden[at])
            {
                head.Append(text[at]);
            }
            else if (at == 0 || !hidden[at - 1])
            {
                head.Append(Mask);
            }
        }
        return Start(head.ToString(), most);
    }

    /// <summary>Cut between two letters: half of one is no text, and Postgres would not take it.</summary>
    private static string Start(string text, int bytes)
    {
        var whole = text.Length > 0 && char.IsHighSurrogate(text[^1]) ? text[..^1] : text;
        var encoded = Encoding.UTF8.GetBytes(whole);
        if (encoded.Length <= bytes)
        {
            return whole;
        }
        while ((encoded[bytes] & 0xC0) == 0x80)
        {
            bytes--;
        }
        return Encoding.UTF8.GetString(encoded, 0, bytes);
    }

    // As it was sent, as it reads decoded, and as HTML and JSON write either.
    private static HashSet<string> Secrets(Uri url)
    {
        var whole = new[] { url.PathAndQuery, url.AbsolutePath, url.Query, url.UserInfo }.Where(part => part.Trim('/', '?').Length > 0);
        var parts = url.PathAndQuery.Split('/', '?', '&', '=').Concat(url.UserInfo.Split(':')).Where(part => part.Length >= ShortestPart);
        return [.. whole.Concat(parts).SelectMany(Written).Where(text => text.Length > 1)];
    }

    private static IEnumerable<string> Written(string part)
    {
        foreach (var plain in new[] { part, Uri.UnescapeDataString(part) })
        {
            yield return plain;
            yield return plain.TrimStart('?');
            yield return WebUtility.HtmlEncode(plain);
            yield return plain.Replace("/", "\\/", StringComparison.Ordinal);
        }
    }
}
