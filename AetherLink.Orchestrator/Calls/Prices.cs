using System.Text;
using AetherLink.Orchestrator.Governance.Budgets;
using AetherLink.Orchestrator.Providers;
using AetherLink.Orchestrator.Settings;

namespace AetherLink.Orchestrator.Calls;

/// <summary>What a call costs, and can cost at most.</summary>
internal static class Prices
{
    /// <summary>A token's price of one dollar a million, in billionths of a dollar.</summary>
    private const double NanoUsd = 1_000;

    /// <summary>Roles, and the words that providers add to a message and to the shape of its answer.</summary>
    private const int Frame = 2_000;

    /// <summary>For comparing providers only: what they are allowed, unless the file says otherwise.</summary>
    public const long UsualOutputTokens = 2_048;

    /// <summary>
    /// A token of any tokenizer in use stands for a byte or more, so that a text never has more tokens than bytes. What is held
    /// of a budget by this is free again once the provider has said the true number.
    /// </summary>
    public static long MostInputTokens(Question question) =>
        Encoding.UTF8.GetByteCount(question.Text) + Encoding.UTF8.GetByteCount(question.Intent.Prompt) + ModelSchema.MostBytes(question.Intent) + Frame;

    public static Cost Most(Question question, ProviderSettings provider) =>
        Most(question, provider, TokenUse.None);

    /// <summary>What an attempt can have taken that was not heard to its end, of which this much was said.</summary>
    public static Cost Most(Question question, ProviderSettings provider, TokenUse said) => provider.Type == ProviderType.Local ? default : Of(
        new(said.Input > 0 ? said.Input : MostInputTokens(question), Math.Max(said.Output, provider.Limits.MaxOutputTokens)), provider.Price);

    public static Cost Of(TokenUse tokens, TokenPrice price) => new(
        (long)Math.Ceiling((tokens.Input * price.InputUsdPerMillion + tokens.Output * price.OutputUsdPerMillion) * NanoUsd),
        tokens.Input + tokens.Output);
}
