using System.Net.Http.Headers;

namespace AetherLink.ServiceDefaults;

/// <summary>
/// Attaches a mesh token. What is asked for while a person's request is handled is asked in the person's name, with the person's
/// roles and tenant, and from the person's address: the service's own scopes are for what it does by itself.
/// </summary>
internal sealed class MeshTokenHandler(MeshTokens tokens, IHttpContextAccessor requests, string audience, string[] scopes) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var isAnothers = request.Headers.Authorization is not null;
        // Whoever has set one speaks for somebody else.
        request.Headers.Authorization ??= new AuthenticationHeaderValue("Bearer", Token(request));
        if (requests.HttpContext?.Connection.RemoteIpAddress is { } address)
        {
            request.Headers.TryAddWithoutValidation(ClientAddress.Header, address.ToString());
            // A person's own token says who asks, and not from where.
            if (isAnothers)
                request.Headers.TryAddWithoutValidation(ClientAddress.ProofHeader, tokens.Issue(audience, []));
        }
        return base.SendAsync(request, cancellationToken);
    }

    private string Token(HttpRequestMessage request) =>
        requests.HttpContext?.User is { Identity.IsAuthenticated: true } user
        && Caller.Of(user) is { IsService: false } person
        // The gateway names the person in headers, and its own token vouches for them.
        && !request.Headers.Contains(RolesHeader.Name)
            ? tokens.IssueFor(audience, person)
            : tokens.Issue(audience, scopes);
}
