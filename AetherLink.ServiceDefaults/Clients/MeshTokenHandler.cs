using System.Net.Http.Headers;

namespace AetherLink.ServiceDefaults;

/// <summary>
/// Attaches a mesh token. What is asked for while a person's request is handled is asked in the person's name, with the person's
/// roles and tenant, and from the person's address; for nobody in particular, without any scope. The service's own scopes are for what it
/// does by itself.
/// </summary>
internal sealed class MeshTokenHandler(MeshTokens tokens, IHttpContextAccessor requests, string audience, string[] scopes) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var isAnothers = request.Headers.Authorization is not null;
        var asked = request.IsInOwnName() ? null : requests.HttpContext;
        // Whoever has set one speaks for somebody else.
        request.Headers.Authorization ??= new AuthenticationHeaderValue("Bearer", Token(request, asked));
        if (asked?.Connection.RemoteIpAddress is { } address)
        {
            request.Headers.TryAddWithoutValidation(ClientAddress.Header, address.ToString());
            // A person's own token says who asks, and not from where.
            if (isAnothers)
                request.Headers.TryAddWithoutValidation(ClientAddress.ProofHeader, tokens.Issue(audience, []));
        }
        return base.SendAsync(request, cancellationToken);
    }

    private string Token(HttpRequestMessage request, HttpContext? asked)
    {
        if (asked is null)
            return tokens.Issue(audience, scopes);
        // The gateway names the person in headers, and its own token vouches for them.
        return Caller.Of(asked.User) is { IsService: false } person && asked.User.Identity is { IsAuthenticated: true }
            && !request.Headers.Contains(RolesHeader.Name)
                ? tokens.IssueFor(audience, person)
                // Nobody in particular, or another service: it must not get by this one what it does not get by itself.
                : tokens.Issue(audience, []);
    }
}

/// <summary>For what a service asks for itself while it answers somebody.</summary>
public static class OwnName
{
    private static readonly HttpRequestOptionsKey<bool> Key = new("aetherlink.own-name");

    /// <summary>Asks with the service's own scopes, and not as whoever is being answered: the answer is the service's to narrow.</summary>
    public static HttpRequestMessage InOwnName(this HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Options.Set(Key, true);
        return request;
    }

    internal static bool IsInOwnName(this HttpRequestMessage request) => request.Options.TryGetValue(Key, out var isOwn) && isOwn;
}
