using System.Net;
using System.Text.Json;

namespace AetherLink.LoadGenerator.Cases.Lists;

/// <summary>Reads a list to its end, page by page, as a client would: nothing may be missing, and nothing twice.</summary>
internal static class WholeList
{
    /// <summary>More than any list here has of those that are read to their end.</summary>
    private const int MostPages = 500;

    /// <returns>What is wrong; null when nothing is, or the list is too long to be read.</returns>
    public static async Task<string?> FaultAsync(IPEndPoint server, Question question, CancellationToken cancellationToken)
    {
        if (question is not { InAll: { } inAll, Rows: { } rows })
        {
            return null;
        }
        using var client = new HttpClient { BaseAddress = new Uri($"http://{server}") };
        foreach (var header in question.Caller.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            client.DefaultRequestHeaders.Add(header[..header.IndexOf(':', StringComparison.Ordinal)], header[(header.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim());
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var (found, cursor) = (0, (string?)null);
        for (var page = 0; page < MostPages; page++)
        {
            using var answer = JsonDocument.Parse(await client.GetByteArrayAsync(
                new Uri(question.Path + (cursor is null ? "" : $"{(question.Path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}cursor={cursor}"), UriKind.Relative),
                cancellationToken));
            foreach (var row in answer.RootElement.GetProperty(rows).EnumerateArray())
            {
                found++;
                if (!seen.Add(row.ToString()))
                {
                    return $"twice: {row}";
                }
            }
            cursor = answer.RootElement.TryGetProperty("next_cursor", out var next) ? next.GetString() : null;
            if (cursor is null)
            {
                return found == inAll ? null : $"{found} rows in all its pages instead of {inAll}";
            }
        }
        return $"no end after {MostPages} pages";
    }
}
