using AetherLink.Orchestrator.Intents;
using AetherLink.Orchestrator.Routing;

namespace AetherLink.Orchestrator.Providers;

/// <summary>One question. It is the same for every provider.</summary>
internal sealed record Question(Intent Intent, string TenantId, string Text);

/// <summary>What it took, in tokens.</summary>
internal readonly record struct TokenUse(long Input, long Output)
{
    public static TokenUse None => default;
}

/// <summary>What an answer took, as soon as the provider says so: it counts also when the answer is none, or never ends.</summary>
internal sealed class Meter
{
    public TokenUse Tokens { get; private set; }

    /// <summary>The provider has said all that it took.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>What it has taken so far: of an answer that does not end, somebody bills more.</summary>
    public void Begin(long input, long output) => Tokens = new(Math.Max(0, input), Math.Max(0, output));

    /// <summary>All of it. Nothing at all is what a provider says that does not count, unless it has said so.</summary>
    public void End(long input, long output, bool hasSaidSo = false)
    {
        Begin(input, output);
        IsWhole = hasSaidSo || Tokens != TokenUse.None;
    }
}

/// <summary>A valid answer, and who within the provider gave it.</summary>
internal sealed record ProviderAnswer(IntentResult Result, string Model)
{
    /// <summary>A name of a model has a few dozen; whatever stands there is repeated in answers, records and events.</summary>
    private const int MaxModelChars = 200;

    public string Model { get; } = OneLine.Of(Model, MaxModelChars);
}

/// <summary>
/// Takes an answer's text as it is written. It never waits for who reads it: a slow reader would look like a slow provider.
/// What it has taken cannot be taken back, so from the first piece on nobody else may answer.
/// </summary>
internal interface IPieceSink
{
    bool HasBegun { get; }

    void Write(string piece);
}

/// <summary>
/// Somebody who can answer. It throws <see cref="ProviderFault"/> when it fails, and <see cref="HttpRequestException"/> or
/// <see cref="OperationCanceledException"/> as the network gives them; it retries nothing: the next in the chain is the retry.
/// </summary>
internal interface IProvider
{
    /// <summary>The whole, valid answer; with a sink, its text also piece by piece on the way there.</summary>
    Task<ProviderAnswer> AskAsync(Question question, IPieceSink? pieces, Meter meter, CancellationToken cancellationToken);
}
