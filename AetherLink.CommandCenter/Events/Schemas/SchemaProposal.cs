using System.Text.RegularExpressions;
using AetherLink.CommandCenter.Events.Validating;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Events.Schemas;

/// <summary>A type to register, or its next version, as it came.</summary>
/// <param name="EventType">Lower-case words with dots between them.</param>
/// <param name="Version">The version that this is to be; the next, if absent. A wrong one is refused: somebody was faster.</param>
/// <param name="Description">When it is published.</param>
/// <param name="Required">The payload's fields that are always there.</param>
/// <param name="Properties">The payload's fields.</param>
internal sealed record SchemaProposal(
    string? EventType, int? Version, string? Description, IReadOnlyList<string?>? Required,
    IReadOnlyDictionary<string, ProposedProperty?>? Properties);

/// <param name="Type">string, number, integer, boolean, array or object.</param>
/// <param name="Description">What it says.</param>
internal sealed record ProposedProperty(string? Type, string? Description);

/// <summary>Reads a proposal, and names all that is wrong with it at once.</summary>
internal static partial class ProposalCheck
{
    public const int MostProperties = 100;

    /// <summary>Characters of a description.</summary>
    public const int LongestDescription = 500;

    /// <summary>The schema, in the version that is asked for, or 0 for the next.</summary>
    public static (EventSchema? Schema, IReadOnlyList<FieldError> Errors) Read(SchemaProposal proposal)
    {
        var errors = new List<FieldError>();
        void Check(bool isRight, string field, string message)
        {
            if (!isRight)
            {
                errors.Add(new(field, message));
            }
        }

        var type = proposal.EventType ?? "";
        Check(type.Length <= EventLimits.EventIdLength && TypeName().IsMatch(type), "event_type",
            $"must be words of lower-case letters, digits and underscores with dots between them, at most {EventLimits.EventIdLength} characters");
        Check(!OwnTypes.Has(type) || SchemaSet.Shipped.Knows(type), "event_type", "is of a space whose events the Command Center alone tells");
        Check(proposal.Version is null or > 0, "version", "must be 1 or more");
        Check(IsDescription(proposal.Description) && !string.IsNullOrWhiteSpace(proposal.Description), "description",
            $"must be 1 to {LongestDescription} characters");
        Check(proposal.Properties is { Count: > 0 and <= MostProperties }, "properties", $"must be 1 to {MostProperties} fields");

        var properties = new Dictionary<string, PropertySchema>(StringComparer.Ordinal);
        foreach (var (name, property) in (proposal.Properties ?? new Dictionary<string, ProposedProperty?>()).Take(MostProperties))
        {
            var field = $"properties.{(name.Length <= 64 ? name : name[..64])}";
            Check(PropertyName().IsMatch(name), field, "must be named by letters, digits and underscores, at most 64");
            Check(PropertyTypes.TryParse(property?.Type, out var kind), $"{field}.type", $"must be {PropertyTypes.Listed}");
            Check(IsDescription(property?.Description), $"{field}.description", $"must be at most {LongestDescription} characters");
            properties[name] = new(kind, property?.Description ?? "");
        }
        var required = (proposal.Required ?? []).Distinct(StringComparer.Ordinal).Take(MostProperties + 1).ToList();
        Check(required.TrueForAll(name => name is not null && properties.ContainsKey(name)), "required", "must be names of properties");
        return errors.Count == 0
            ? (new(type, proposal.Version ?? 0, [.. required.OfType<string>()], properties, proposal.Description!), errors)
            : (null, errors);
    }

    private static bool IsDescription(string? text) =>
        text is null || (text.Length <= LongestDescription && !text.Any(char.IsControl));

    [GeneratedRegex(@"\A[a-z][a-z0-9_]*(\.[a-z0-9_]+)+\z")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]{0,63}\z")]
    private static partial Regex PropertyName();
}
