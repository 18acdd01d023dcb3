namespace Docker.DotNet;

/// <summary>None: whoever may open the socket may use the engine.</summary>
public class AnonymousCredentials : Credentials
{
    /// <inheritdoc />
    public override bool IsTlsCredentials() => false;

    /// <inheritdoc />
    public override HttpMessageHandler GetHandler(HttpMessageHandler innerHandler) => innerHandler;
}
