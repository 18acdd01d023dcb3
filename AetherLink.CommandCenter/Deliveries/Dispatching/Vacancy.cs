namespace AetherLink.CommandCenter.Deliveries.Dispatching;

/// <summary>Room for deliveries on this replica, which nobody else takes until it is disposed.</summary>
/// <param name="Holder">Under which number they are leased.</param>
/// <param name="Places">How many.</param>
/// <param name="OfEach">On their way to one endpoint at most.</param>
/// <param name="OfTheUnwell">On their way to endpoints that fail or are slow, together, at most.</param>
/// <param name="Busy">What is on its way already, by endpoint.</param>
/// <param name="Slow">Those of them that do not answer at the moment.</param>
/// <param name="End">Lets others in.</param>
internal sealed record Vacancy(
    long Holder, int Places, int OfEach, int OfTheUnwell, IReadOnlyDictionary<Guid, int> Busy, Guid[] Slow, Action End) : IDisposable
{
    /// <summary>
    /// Of the second half of all places, and of all of them to an endpoint that has not answered yet: enough for a receiver that answers, and
    /// too few for one that does not to be felt by the others.
    /// </summary>
    public const int Few = 4;

    /// <summary>
    /// The first half goes to whoever has something due. The second is kept for those that are well, a few places each, so that many
    /// endpoints that have gone dark at once cannot take all.
    /// </summary>
    public static Vacancy? Of(long holder, InFlight inFlight, DeliveryOptions options, Action end)
    {
        var (half, all) = (Math.Max(1, options.Concurrency / 2), inFlight.All);
        if (all >= options.Concurrency)
        {
            return null;
        }
        var isShort = inFlight.TryWaitForRoom(half);
        var (busy, slow) = inFlight.ByEndpoint();
        return new(
            holder, (isShort ? options.Concurrency : half) - all, isShort ? Math.Min(Few, options.EndpointConcurrency) : options.EndpointConcurrency,
            half, busy, slow, end);
    }

    public void Dispose() => End();
}
