using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using AetherLink.ServiceDefaults;

namespace AetherLink.Tests.Access;

/// <summary>Somebody who asks, the header by which they are known (null for none), and the status that is due to them.</summary>
internal sealed record AccessCaller(string Name, (string Name, string Value)? Credential, int Expected);

/// <summary>Where the matrix is asked.</summary>
/// <param name="Issuer">Whose tokens count.</param>
/// <param name="OtherIssuer">Whose tokens do not.</param>
/// <param name="MeshKey">Of the services.</param>
/// <param name="CookieAsync">The cookie of a session with these roles; null where nobody can have one.</param>
internal sealed record AccessPlace(
    TestIssuer Issuer, TestIssuer OtherIssuer, string MeshKey, Func<AccessRow, string[], Task<string?>> CookieAsync)
{
    /// <summary>Where a roles header counts.</summary>
    public bool IsDevelopment { get; init; }

    /// <summary>What knows no issuer: there whoever is not of the mesh is nobody.</summary>
    public required IReadOnlyCollection<string> WithoutIssuer { get; init; }
}

/// <summary>Everybody who may ask an endpoint, and who may not: each role, nobody, services with and without the scope, and tokens with every fault.</summary>
internal sealed class AccessCallers(AccessPlace place)
{
    public const string Own = "acme";

    /// <summary>Well within the five minutes of a token.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(2);

    private static readonly string[] People = ["viewer", "agent", "operator", "admin"];

    private static readonly string[] AllScopes =
        [Scopes.EventsPublish, Scopes.EventsRead, Scopes.MeshRead, Scopes.MeshControl, Scopes.AiRun, Scopes.HealsRead];

    private readonly ConcurrentDictionary<string, (string Token, long MadeAt)> _kept = new(StringComparer.Ordinal);

    public async Task<IReadOnlyList<AccessCaller>> OfAsync(AccessRow row) => [.. await PeopleAsync(row), .. Tokens(row)];

    /// <summary>Those who come as they should, and nobody.</summary>
    public async Task<IReadOnlyList<AccessCaller>> PeopleAsync(AccessRow row)
    {
        var callers = new List<AccessCaller>();
        foreach (var role in People)
        {
            // People have a tenant, but for an admin; what is everybody's is not theirs to change.
            var isAllowed = row.Roles.Contains(role) && (row.Tenant != "none" || role == "admin");
            if (await PersonAsync(row, role) is { } credential)
            {
                callers.Add(new(role, credential, IsNobody(row, credential) ? If(row, false, 401) : If(row, isAllowed, 403)));
            }
        }
        if (await PersonAsync(row) is { } roleless)
        {
            callers.Add(new("a person without a role", roleless, If(row, false, IsNobody(row, roleless) ? 401 : 403)));
        }
        callers.Add(new("nobody", null, If(row, false, 401)));
        if (row.Service == MatrixHosts.MeshControl || !place.IsDevelopment)
        {
            callers.Add(new("a header", ("X-User-Roles", "admin"), If(row, false, 401)));
        }
        else
        {
            callers.Add(new("a header in Development", ("X-User-Roles", "admin"), If(row, row.Roles.Contains("admin"), 403)));
        }
        return callers;
    }

    /// <summary>Tokens with every fault, and those of services.</summary>
    public IEnumerable<AccessCaller> Tokens(AccessRow row)
    {
        var role = row.Roles.Count > 0 ? row.Roles[0] : "admin";
        AccessCaller Issued(string caller, Func<string> token, int expected)
        {
            var credential = Bearer(Kept($"{caller}, {role}", token));
            return new(caller, credential, IsOfSessions(row) || IsNobody(row, credential) ? If(row, false, 401) : expected);
        }
        AccessCaller OfTheMesh(string caller, string token, int expected) => new(caller, Bearer(token), IsOfSessions(row) ? If(row, false, 401) : expected);

        yield return OfTheMesh("a service with every scope but the right one", Mesh(AllScopes.Where(scope => scope != row.Scope)), If(row, false, 403));
        if (row.Scope is { } right)
        {
            yield return OfTheMesh($"a service with {right}", Mesh([right]), row.Status);
        }
        yield return OfTheMesh(
            "another service's mesh token", new MeshTokens(place.MeshKey, "orchestrator", TimeProvider.System).Issue("elsewhere", AllScopes), If(row, false, 401));
        string With(Action<JsonObject> change, Action<JsonObject>? head = null, IssuerKey? key = null) => place.Issuer.Token(claims =>
        {
            claims["roles"] = new JsonArray(role);
            claims["tenant_id"] = Own;
            change(claims);
        }, head, key);
        yield return Issued("a person without a tenant", () => With(claims => claims.Remove("tenant_id")), If(row, row.Roles is ["admin"], 403));
        yield return Issued("an id token", () => With(claims => claims["nonce"] = "n"), If(row, false, 401));
        yield return Issued("expired", () => With(claims => claims["exp"] = DateTimeOffset.UtcNow.AddMinutes(-2).ToUnixTimeSeconds()), If(row, false, 401));
        yield return Issued("tampered", () => Tampered(role), If(row, false, 401));
        yield return Issued("unsigned", () => With(_ => { }, head => head["alg"] = "none"), If(row, false, 401));
        yield return Issued("another audience", () => With(claims => claims["aud"] = "elsewhere"), If(row, false, 401));
        yield return Issued("another issuer", () => place.OtherIssuer.For(role), If(row, false, 401));
        yield return Issued("another's signature", () => With(_ => { }, key: place.OtherIssuer.Key), If(row, false, 401));
        yield return Issued("another client's role", () => With(claims =>
        {
            claims.Remove("roles");
            claims["resource_access"] = new JsonObject { ["account"] = new JsonObject { ["roles"] = new JsonArray(role) } };
        }), If(row, false, 403));

        string Mesh(IEnumerable<string> scopes) => new MeshTokens(place.MeshKey, "tests", TimeProvider.System).Issue(MatrixHosts.ResourceOf(row.Service), scopes);
    }

    /// <summary>One who may ask the endpoint, with the most that it asks for.</summary>
    public (string Name, string Value) WhoMay(AccessRow row) => Bearer(For(row.Roles[^1]));

    /// <summary>The same of a tenant.</summary>
    public (string Name, string Value) OfOwnTenant(AccessRow row) => Bearer(Kept($"{row.Roles[^1]} of {Own}", () => place.Issuer.For(row.Roles[^1], Own)));

    private async Task<(string Name, string Value)?> PersonAsync(AccessRow row, params string[] roles)
    {
        if (IsOfSessions(row))
        {
            return await place.CookieAsync(row, roles) is { } cookie ? ("Cookie", cookie) : null;
        }
        if (place.IsDevelopment && place.WithoutIssuer.Contains(row.Service) && row.Service != MatrixHosts.MeshControl)
        {
            return ("X-User-Roles", roles is [var one] ? one : "none that is known");
        }
        return Bearer(roles is [var role] ? For(role) : Kept("nobody", () => place.Issuer.Token()));
    }

    private bool IsNobody(AccessRow row, (string Name, string Value) credential) =>
        credential.Name == "Authorization" && place.WithoutIssuer.Contains(row.Service);

    /// <summary>Below this path people have sessions, and nothing else counts.</summary>
    private static bool IsOfSessions(AccessRow row) =>
        MatrixHosts.ResourceOf(row.Service) == "web" && row.Route.StartsWith("/api/", StringComparison.Ordinal);

    private static int If(AccessRow row, bool isAllowed, int denied) => row.IsPublic || isAllowed ? row.Status : denied;

    private string For(string role) => Kept(role, () => place.Issuer.For(role));

    /// <summary>A signature takes a millisecond of a core, and of questions there are thousands.</summary>
    private string Kept(string what, Func<string> make)
    {
        var (token, madeAt) = _kept.GetOrAdd(what, _ => (make(), Stopwatch.GetTimestamp()));
        if (Stopwatch.GetElapsedTime(madeAt) > Fresh)
        {
            _kept[what] = (token = make(), Stopwatch.GetTimestamp());
        }
        return token;
    }

    private static (string Name, string Value) Bearer(string token) => ("Authorization", $"Bearer {token}");

    private string Tampered(string role)
    {
        var (good, bent) = (place.Issuer.Token().Split('.'), place.Issuer.For(role).Split('.'));
        return $"{good[0]}.{bent[1]}.{good[2]}";
    }
}
