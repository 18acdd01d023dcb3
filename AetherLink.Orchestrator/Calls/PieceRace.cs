using AetherLink.Orchestrator.Providers;

namespace AetherLink.Orchestrator.Calls;

/// <summary>One reader, and two who would write to it: the first to begin goes on, and the other is told to end.</summary>
internal sealed class PieceRace(IPieceSink reader)
{
    private readonly IPieceSink _reader = reader;
    private IPieceSink? _winner;

    public bool IsOver => Volatile.Read(ref _winner) is not null;

    public IPieceSink Lane(CancellationTokenSource own, CancellationTokenSource other) => new PieceLane(this, own, other);

    private sealed class PieceLane(PieceRace race, CancellationTokenSource own, CancellationTokenSource other) : IPieceSink
    {
        public bool HasBegun => ReferenceEquals(Volatile.Read(ref race._winner), this);

        public void Write(string piece)
        {
            var winner = Interlocked.CompareExchange(ref race._winner, this, null);
            if (winner is not null && !ReferenceEquals(winner, this))
            {
                // The winner is about to say so, too: whoever is late by a moment was cancelled, and has not failed.
                own.Cancel();
                own.Token.ThrowIfCancellationRequested();
            }
            race._reader.Write(piece);
            if (winner is null) other.Cancel();
        }
    }
}
