namespace AetherLink.Web.Forwarding;

/// <summary>
/// Moves the gateway's own token from <c>Authorization</c>, where it would make the gateway the caller, to the header by which
/// it vouches for the person whom the other headers name. A person's own token needs nobody's word.
/// </summary>
internal sealed class PersonToken : DelegatingHandler
{
    public const string Header = "X-Mesh-Token";
    public const string Roles = "X-User-Roles";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers.Contains(Roles) && request.Headers.Authorization?.Parameter is { } token)
        {
            request.Headers.Authorization = null;
            request.Headers.TryAddWithoutValidation(Header, token);
        }
        return base.SendAsync(request, cancellationToken);
    }
}
