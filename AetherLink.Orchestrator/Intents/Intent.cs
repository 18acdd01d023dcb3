using System.Collections.Frozen;
using System.Text.Json;

namespace AetherLink.Orchestrator.Intents;

/// <summary>Something a caller can ask for: what is asked, who can be asked, and what an answer looks like.</summary>
internal sealed record Intent
{
    public required string Name { get; init; }

    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>For whoever chooses among intents.</summary>
    public required string Description { get; init; }

    /// <summary>What a provider must be able to do.</summary>
    public required string Capability { get; init; }

    /// <summary>Where in the payload the text stands; the first one present counts.</summary>
    public required IReadOnlyList<string> PayloadFields { get; init; }

    /// <summary>What a language model is told.</summary>
    public required string Prompt { get; init; }

    /// <summary>Of the prompt, from its file's name: 2 for <c>draft-reply.v2.md</c>.</summary>
    public required int Version { get; init; }

    /// <summary>The shape of a result as JSON schema, for models that can be held to one.</summary>
    public required JsonElement Schema { get; init; }

    /// <summary>The same, to hold an answer against.</summary>
    public required JsonShape Shape { get; init; }

    /// <summary>For an intent whose answer is an intent: what may be chosen, by every name that it has.</summary>
    public FrozenDictionary<string, string> Choices { get; init; } = FrozenDictionary<string, string>.Empty;

    public override string ToString() => Name;

    public bool Equals(Intent? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}
