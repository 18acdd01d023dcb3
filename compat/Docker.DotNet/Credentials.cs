namespace Docker.DotNet;

/// <summary>How a client proves to the engine who it is.</summary>
public abstract class Credentials : IDisposable
{
    /// <summary>Whether <c>tcp://</c> means https.</summary>
    public abstract bool IsTlsCredentials();

    /// <summary>The handler to send requests by; may wrap the one given.</summary>
    public abstract HttpMessageHandler GetHandler(HttpMessageHandler innerHandler);

    /// <inheritdoc />
    public virtual void Dispose() => GC.SuppressFinalize(this);
}
