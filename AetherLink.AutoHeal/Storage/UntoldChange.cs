using System.Text.Json;
using AetherLink.ServiceDefaults;

namespace AetherLink.AutoHeal.Storage;

/// <summary>Who changed what, stored with the change, until it is on its way to the operator audit.</summary>
internal sealed record UntoldChange
{
    public required Guid Id { get; init; }

    public required string Change { get; init; }

    public static UntoldChange Of(OperatorChange change) => new() { Id = change.Id, Change = JsonSerializer.Serialize(change, Json.Wire) };
}
