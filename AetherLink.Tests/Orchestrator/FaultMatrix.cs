using Microsoft.AspNetCore.Http;

namespace AetherLink.Tests.Orchestrator;

/// <summary>A way for a provider to fail, and what it is to be called. <c>Begun</c>: in a stream the answer had begun by then.</summary>
internal sealed record Fault(string Name, string ErrorClass, Func<string, RequestDelegate> Answer)
{
    public string? ClassInStream { get; init; }

    public bool Begun { get; init; }

    /// <summary>What had begun may be lost together with the connection: then nothing had.</summary>
    public bool MayLoseTheBeginning { get; init; }

    /// <summary>Ends by the provider's timeout; every other one would be ended by it only on a machine that is too busy.</summary>
    public bool TimesOut { get; init; }

    /// <summary>Instead of an answer: where nobody answers.</summary>
    public string? Url { get; init; }

    private static readonly string[] Beginning = ["{\"name\":", "\"Ad"];

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("401", "credentials", _ => Answers.Status(401)),
        new("402", "credentials", _ => Answers.Status(402)),
        new("403", "credentials", _ => Answers.Status(403)),
        new("404", "invalid_answer", _ => Answers.Status(404)),
        new("408", "timeout", _ => Answers.Status(408)),
        new("413", "refusal", _ => Answers.Status(413)),
        new("429", "rate_limit", _ => Answers.Status(429)),
        new("429 with Retry-After", "rate_limit", _ => Answers.Status(429, "20")),
        new("500", "overload", _ => Answers.Status(500)),
        new("503", "overload", _ => Answers.Status(503)),
        new("529", "overload", _ => Answers.Status(529)),
        new("connection refused", "network", _ => Answers.Stall) { Url = "http://127.0.0.1:1" },
        new("no such host", "network", _ => Answers.Stall) { Url = "http://nobody.invalid" },
        new("stall before headers", "timeout", _ => Answers.Stall) { TimesOut = true },
        new("stall in the body", "timeout", type => Either(Answers.StallInTheBody, type, Answers.Stall)) { TimesOut = true, Begun = true },
        new("slow drip", "timeout", type => Either(DripAsync, type, context => DripAsync(context, type))) { TimesOut = true, Begun = true },
        new("cut stream", "network", type => Either(Answers.Cut, type, Cut)) { Begun = true, MayLoseTheBeginning = true },
        new("clean end too early", "invalid_answer", type => Either(Answers.Text("{\"model\":"), type, _ => Task.CompletedTask))
        {
            ClassInStream = "network", Begun = true,
        },
        new("bad JSON", "invalid_answer", _ => Answers.Text("<html>oops")),
        new("another JSON", "invalid_answer", _ => Answers.Text("""{"hello":"world"}""")),
        new("empty", "invalid_answer", _ => Answers.Text("")),
        new("prose for JSON", "invalid_answer", type => Answers.Of(type, "Sure! The lead is Ada.")),
        new("wrong schema", "invalid_answer", type => Answers.Of(type, """{"name":5,"email":"no address","company":null,"phone":null}""")) { Begun = true },
    ];

    private static RequestDelegate Either(RequestDelegate whole, string type, RequestDelegate afterTheBeginning) => async context =>
    {
        if (context.Items[Wire.IsStream] is true)
        {
            await Wire.WriteBeginningAsync(context, type, Beginning);
            await afterTheBeginning(context);
        }
        else
        {
            await whole(context);
        }
    };

    private static async Task Cut(HttpContext context)
    {
        await context.Response.Body.FlushAsync();
        context.Abort();
    }

    private static Task DripAsync(HttpContext context) => DripAsync(context, () => context.Response.WriteAsync(" ", context.RequestAborted));

    private static Task DripAsync(HttpContext context, string type) => DripAsync(context, () => Wire.WritePieceAsync(context, type, "a"));

    private static async Task DripAsync(HttpContext context, Func<Task> drop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await timer.WaitForNextTickAsync(context.RequestAborted))
        {
            await drop();
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }
}

/// <summary>One provider, one fault, one way of asking, with or without somebody to fall back to.</summary>
internal sealed record Cell(string Type, Fault Fault, bool Streams, bool HasSpare)
{
    public string Id { get; } = $"c{Interlocked.Increment(ref _count)}";

    private static int _count;

    /// <summary>Whether the answer had begun before it failed; seen, where it is not certain.</summary>
    public bool IsBegun { get; set; } = Streams && Type != "http" && Fault.Begun;

    public bool IsAnswered => HasSpare && !IsBegun;

    public string ErrorClass => (Streams && Type != "http" ? Fault.ClassInStream : null) ?? Fault.ErrorClass;

    public override string ToString() => $"{Type}, {Fault.Name}, {(Streams ? "stream" : "whole")}, {(HasSpare ? "with" : "without")} another";

    public static IReadOnlyList<Cell> All { get; } =
    [
        .. from type in (string[])["claude", "openai", "ollama", "http"]
           from fault in Fault.All
           from streams in (bool[])[false, true]
           from hasSpare in (bool[])[false, true]
           select new Cell(type, fault, streams, hasSpare),
    ];
}
