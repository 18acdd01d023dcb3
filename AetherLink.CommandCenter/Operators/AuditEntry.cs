namespace AetherLink.CommandCenter.Operators;

/// <summary>One change by an operator, as it is kept.</summary>
/// <param name="At">When, to the microsecond, which is what Postgres keeps.</param>
/// <param name="Actor">Who: a person, or a service that acted by itself.</param>
/// <param name="Roles">In which roles.</param>
/// <param name="TenantId">Whose thing was changed; null for everybody's.</param>
/// <param name="Action">What was done, such as <c>alert_rule.created</c>.</param>
/// <param name="Target">What it was done to: an id or a name.</param>
/// <param name="Before">The thing before as JSON; null when there was none.</param>
/// <param name="After">The thing afterwards as JSON; null when there is none any more.</param>
/// <param name="Address">Where the request came from; null when there was none.</param>
/// <param name="TraceId">The request's trace.</param>
/// <param name="Subject">The actor as the issuer knows the person, whatever they are called; null where no issuer knows them.</param>
internal sealed record AuditEntry(
    DateTimeOffset At, string Actor, IReadOnlyList<string> Roles, string? TenantId, string Action, string Target, string? Before,
    string? After, string? Address, string? TraceId, string? Subject = null);

/// <summary>An entry at its place in the chain.</summary>
/// <param name="Seq">Its number, without gaps from 1.</param>
/// <param name="Entry">The entry.</param>
/// <param name="Hash">Over the entry and the hash before it.</param>
internal sealed record ChainedEntry(long Seq, AuditEntry Entry, byte[] Hash);
