namespace AetherLink.CommandCenter.Events.Committing;

internal enum Outcome
{
    Stored,
    Duplicate,
    Rejected,
}

/// <summary>What became of one event.</summary>
internal readonly record struct Receipt(Outcome Outcome, DateTimeOffset ReceivedAt, string? Reason = null);

/// <summary>The storage did not answer: nothing of the submission was acknowledged.</summary>
internal sealed class StorageUnavailableException(string message, Exception cause) : Exception(message, cause);
