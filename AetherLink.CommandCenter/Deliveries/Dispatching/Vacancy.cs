namespace AetherLink.CommandCenter.Deliveries.Dispatching;

/// <summary>Room for deliveries on this replica, which nobody else takes until it is disposed.</summary>
/// <param name="Holder">Under which number they are leased.</param>
/// <param name="Places">How many.</param>
/// <param name="Busy">What is on its way already, by endpoint.</param>
/// <param name="End">Lets others in.</param>
internal sealed record Vacancy(long Holder, int Places, IReadOnlyDictionary<Guid, int> Busy, Action End) : IDisposable
{
    public void Dispose() => End();
}
