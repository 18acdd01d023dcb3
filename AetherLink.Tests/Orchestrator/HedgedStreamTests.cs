using AetherLink.Orchestrator.Calls;
using AetherLink.Orchestrator.Providers;

namespace AetherLink.Tests.Orchestrator;

/// <summary>Two who would write to one reader.</summary>
public sealed class HedgedStreamTests
{
    [Fact]
    public async Task Stream_that_has_begun_is_not_hedged()
    {
        await using var first = await FakeProvider.StartAsync(async context =>
        {
            await Wire.WriteBeginningAsync(context, "ollama", "{\"name\":", "\"Ad");
            await Answers.Stall(context);
        });
        await using var second = await FakeProvider.StartAsync(Answers.Of("ollama", Answers.Lead));
        await using var app = await Hedged.StartAsync(first.Url, second.Url, "hedge: {after_ms: 400}", timeoutMs: 900);

        var stream = await AnswerStream.AskAsync(app.Client, Hedged.Body);

        Assert.Equal(("{\"name\":\"Ad", "error"), (stream.Text, stream.End));
        Assert.Empty(second.Asked);
    }

    [Fact]
    public async Task Stream_that_breaks_off_says_who_failed_and_who_was_only_slower()
    {
        await using var first = await FakeProvider.StartAsync(Answers.Stall);
        await using var second = await FakeProvider.StartAsync(async context =>
        {
            await Wire.WriteBeginningAsync(context, "ollama", "{\"name\":");
            // By then it has begun: before, its beginning might be lost together with its connection.
            await Eventually.True(() => first.Aborted == 1, Hedged.Patience, "the first is cancelled");
            context.Abort();
        });
        await using var app = await Hedged.StartAsync(first.Url, second.Url, "hedge: {after_ms: 20}");

        var stream = await AnswerStream.AskAsync(app.Client, Hedged.Body);

        Assert.Equal("error", stream.End);
        Assert.Equal("cancelled: second was quicker", (string?)stream.Data!["errors"]![0]!["error"]);
        Assert.StartsWith("network: ", (string?)stream.Data["errors"]![1]!["error"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_is_of_whoever_begins_first_and_of_nobody_else()
    {
        await using var first = await FakeProvider.StartAsync(Answers.Stall);
        await using var second = await FakeProvider.StartAsync(Answers.Of("ollama", Answers.Lead[..20], Answers.Lead[20..]));
        await using var app = await Hedged.StartAsync(first.Url, second.Url, "hedge: {after_ms: 20}");

        var stream = await AnswerStream.AskAsync(app.Client, Hedged.Body);

        Assert.Equal(("done", Answers.Lead), (stream.End, stream.Text));
    }

    [Fact]
    public void Whoever_begins_a_moment_later_is_cancelled_and_writes_nothing()
    {
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        var reader = new Reader();
        var race = new PieceRace(reader);
        var (one, two) = (race.Lane(first, second), race.Lane(second, first));
        // Between the first one's beginning and its word to the other.
        reader.Meanwhile = () => Assert.Throws<OperationCanceledException>(() => two.Write("no"));

        one.Write("{");
        reader.Meanwhile = () => { };
        one.Write("}");

        Assert.Equal("{}", reader.Text);
        Assert.Equal((false, true), (first.IsCancellationRequested, second.IsCancellationRequested));
        Assert.Equal((true, false), (one.HasBegun, two.HasBegun));
    }

    private sealed class Reader : IPieceSink
    {
        public string Text { get; private set; } = "";

        public Action Meanwhile { get; set; } = () => { };

        public bool HasBegun => Text.Length > 0;

        public void Write(string piece)
        {
            Text += piece;
            Meanwhile();
        }
    }
}
