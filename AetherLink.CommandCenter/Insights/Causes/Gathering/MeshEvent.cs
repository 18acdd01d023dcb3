namespace AetherLink.CommandCenter.Insights.Causes.Gathering;

/// <summary>An event that says something of a node, with those fields of its payload that do.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Id">Its id.</param>
/// <param name="TenantId">Its tenant.</param>
/// <param name="At">When it happened.</param>
/// <param name="Name">What it is about: name, service, or the group of an alert.</param>
/// <param name="Error">error, or the reason.</param>
/// <param name="Status">status, from, or the action.</param>
/// <param name="By">Who asked for it, of a heal; of an alert its rule's name.</param>
/// <param name="Sequence">The feed's number of it.</param>
internal sealed record MeshEvent(
    string Type, string Id, string TenantId, DateTimeOffset At, string? Name, string? Error, string? Status, string? By, long Sequence);
