using System.Net;
using System.Text.Json;
using AetherLink.LoadGenerator.Http;

namespace AetherLink.LoadGenerator.Cases.Lists;

/// <summary>A question to a list, and what is wrong with an answer to it.</summary>
/// <param name="Name">As the table calls it.</param>
/// <param name="Path">With its filters.</param>
/// <param name="Wrong">What is wrong with an answer; null when nothing is.</param>
internal sealed record Question(string Name, string Path, Func<JsonElement, string?> Wrong)
{
    private volatile string? _fault;
    private int _short;

    /// <summary>How many rows a page of a walk has, unless it ends early.</summary>
    public int? Least { get; init; }

    /// <summary>Who asks, in headers; an operator of all tenants.</summary>
    public string Caller { get; init; } = RequestBytes.Operator;

    /// <summary>Of a list; what is found out when it is asked for has more time.</summary>
    public double PromisedMilliseconds { get; init; } = 50;

    /// <summary>It is put to the healer itself.</summary>
    public bool IsHealers { get; init; }

    /// <summary>How many rows its pages have in all; null where there are too many to read all of them.</summary>
    public int? InAll { get; init; }

    /// <summary>The property that holds the rows; null where the answer is no list.</summary>
    public string? Rows { get; init; }

    /// <summary>Pages that ended early, with a cursor that goes on: one question looks no longer than its time.</summary>
    public int ShortPages => _short;

    /// <summary>What was wrong with the first answer that was not as it should be.</summary>
    public string? Fault => _fault;

    public byte[] Request(IPEndPoint server) => RequestBytes.Get(server, Path, caller: Caller);

    public bool Judge(long number, long dueAt, int status, ReadOnlySpan<byte> body)
    {
        var wrong = status == 200 ? WrongWith(ChunkedBody.Whole(body)) : $"status {status}";
        _fault ??= wrong;
        return wrong is null;
    }

    private string? WrongWith(ReadOnlyMemory<byte> body)
    {
        using var answer = JsonDocument.Parse(body);
        if (Least is { } least && answer.RootElement.GetProperty(Rows!).GetArrayLength() < least && GoesOn(answer.RootElement))
        {
            Interlocked.Increment(ref _short);
        }
        return Wrong(answer.RootElement);
    }

    /// <summary>A list whose page holds so many rows, each of which fits.</summary>
    public static Question List(string name, string path, string rows, int page, Func<JsonElement, bool> fits) =>
        new(name, path, answer => WrongPage(answer, rows, page, page, fits)) { Rows = rows };

    /// <summary>The same of a list that walks: it may end a page early, and say where it goes on.</summary>
    public static Question Walk(string name, string path, string rows, int page, Func<JsonElement, bool> fits) =>
        new(name, path, answer => WrongPage(answer, rows, GoesOn(answer) ? 0 : page, page, fits)) { Rows = rows, Least = page };

    /// <summary>A walk to the end, which is after so many rows.</summary>
    public static Question WholeWalk(string name, string path, string rows, int inAll, Func<JsonElement, bool> fits) =>
        Walk(name, path, rows, inAll, fits) with { InAll = inAll };

    private static bool GoesOn(JsonElement answer) => answer.GetProperty("next_cursor").ValueKind != JsonValueKind.Null;

    /// <summary>What must also be so.</summary>
    public Question And(Func<JsonElement, bool> holds, string otherwise) =>
        this with { Wrong = answer => Wrong(answer) ?? (holds(answer) ? null : otherwise) };

    public static string? WrongPage(JsonElement answer, string rows, int least, int most, Func<JsonElement, bool> fits)
    {
        var list = answer.GetProperty(rows);
        var count = list.GetArrayLength();
        if (count < least || count > most)
        {
            return least == most ? $"{count} rows instead of {most}" : $"{count} rows instead of {least} to {most}";
        }
        if (answer.TryGetProperty("count", out var told) && told.GetInt32() != count)
        {
            return $"it counts {told} rows and has {count}";
        }
        foreach (var row in list.EnumerateArray())
        {
            if (!fits(row))
            {
                return $"a row that was not asked for: {row.ToString()[..Math.Min(row.ToString().Length, 200)]}";
            }
        }
        return null;
    }
}
