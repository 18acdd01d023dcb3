namespace AetherLink.CommandCenter.Insights.Anomalies.Detecting;

/// <summary>One statistic of a series held against its own history: first its points, then its events.</summary>
internal sealed class Channel(double usual)
{
    private readonly UsualRange _usual = new(usual);
    private readonly EventMemory _events = new();

    /// <param name="Evidence">From 0 upward; 0 while the statistic is usual.</param>
    /// <param name="Size">Its logarithm.</param>
    /// <param name="Excess">How far beyond the usual, as a logarithm.</param>
    internal readonly record struct Reading(double Evidence, double Size, double Excess);

    public Reading Next(double statistic)
    {
        var size = Math.Log(Math.Max(statistic, 1e-12));
        var excess = _usual.Next(statistic);
        return new(_events.Next(excess > 0 ? size : null), size, excess);
    }

    public void Write(BinaryWriter state)
    {
        _usual.Write(state);
        _events.Write(state);
    }

    public void Read(BinaryReader state)
    {
        _usual.Read(state);
        _events.Read(state);
    }
}
