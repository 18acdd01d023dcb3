namespace AetherLink.CommandCenter.Events.Committing;

/// <summary>Events that are answered together: one of a request, a batch of it, or what came from Kafka.</summary>
internal sealed class Submission(IReadOnlyList<EventDraft> events)
{
    private readonly TaskCompletionSource<IReadOnlyList<Receipt>> _done =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<EventDraft> Events { get; } = events;

    public long Bytes { get; } = events.Sum(draft => (long)draft.Payload.Length);

    public Task<IReadOnlyList<Receipt>> Receipts => _done.Task;

    public void Complete(IReadOnlyList<Receipt> receipts) => _done.TrySetResult(receipts);

    public void Fail(Exception failure) => _done.TrySetException(failure);
}
