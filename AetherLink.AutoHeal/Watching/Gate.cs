namespace AetherLink.AutoHeal.Watching;

/// <summary>Lets so many in at once; the others wait in line.</summary>
internal sealed class Gate(int width) : IDisposable
{
    private readonly SemaphoreSlim _free = new(width, width);

    public async ValueTask<Leaving> EnterAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        return new Leaving(_free);
    }

    public void Dispose() => _free.Dispose();

    internal readonly struct Leaving(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}
