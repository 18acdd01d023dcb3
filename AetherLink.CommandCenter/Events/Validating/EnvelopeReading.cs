using System.Diagnostics.CodeAnalysis;
using AetherLink.ServiceDefaults;

namespace AetherLink.CommandCenter.Events.Validating;

/// <summary>An envelope as it was read: an event to store, or everything that is wrong with it.</summary>
internal sealed record EnvelopeReading(EventDraft? Draft, IReadOnlyList<FieldError> Errors, int Status)
{
    /// <summary>The id that was given, if it could be read: a batch's answer names it.</summary>
    public string? EventId { get; init; }

    /// <summary>Its type may have been registered elsewhere a moment ago.</summary>
    public bool IsOfUnknownType { get; init; }

    [MemberNotNullWhen(true, nameof(Draft))]
    public bool IsValid => Draft is not null;

    public string Detail => string.Join("; ", Errors.Select(error => $"{error.Field}: {error.Message}"));

    public static EnvelopeReading Of(EventDraft draft) => new(draft, [], 200) { EventId = draft.EventId };

    public static EnvelopeReading Wrong(params IReadOnlyList<FieldError> errors) => new(null, errors, 400);

    public static EnvelopeReading ForeignTenant { get; } =
        new(null, [new("tenant_id", "Insufficient permissions: it is not the caller's tenant")], 403);

    public static EnvelopeReading TooLarge { get; } =
        new(null, [new("event", $"is larger than {EventLimits.EventBytes / 1024} kB")], 413);
}
