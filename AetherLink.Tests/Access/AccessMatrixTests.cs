using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.ServiceDefaults;

namespace AetherLink.Tests.Access;

/// <summary>
/// Every endpoint of every service, asked by everybody: each role, nobody, services with and without the scope, and tokens with every
/// fault. The answer's status is held against the matrix, exactly.
/// </summary>
public sealed partial class AccessMatrixTests(MatrixHosts hosts) : IClassFixture<MatrixHosts>
{
    private const string Own = "acme";
    private const string Foreign = "globex";

    private static readonly bool IsUpdate = Environment.GetEnvironmentVariable("AETHERLINK_UPDATE") == "1";
    private static readonly string[] People = ["viewer", "agent", "operator", "admin"];

    private static readonly string[] AllScopes =
        [Scopes.EventsPublish, Scopes.EventsRead, Scopes.MeshRead, Scopes.MeshControl, Scopes.AiRun, Scopes.HealsRead];

    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);

    public static TheoryData<string> Services => [.. MatrixHosts.Services];

    public static TheoryData<string> Asked => [.. MatrixHosts.Asked];

    [Theory]
    [MemberData(nameof(Asked))]
    public async Task Every_endpoint_is_in_the_matrix_and_nothing_else_is(string service)
    {
        var mapped = hosts.Endpoints(service).ToList();
        var listed = AccessMatrix.Of(service).Select(row => row.Endpoint).ToHashSet();
        if (IsUpdate)
        {
            await WriteAsync(service);
        }

        Assert.Equal(mapped.Select(one => one.Endpoint).Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Asked))]
    public async Task Everybody_gets_exactly_what_the_matrix_says(string service)
    {
        var faults = new List<string>();
        foreach (var row in AccessMatrix.Of(service))
        {
            foreach (var (caller, credential, expected) in await CallersAsync(row))
            {
                var status = await AskAsync(row, credential, row.Route);
                if (status != expected)
                {
                    faults.Add($"{row.Endpoint} by {caller}: {status} instead of {expected}");
                }
            }
            if (row.Tenant is not null && await AskForForeignTenantAsync(row) is var answered && answered != 403)
            {
                faults.Add($"{row.Endpoint} by one of {Own}, {(row.Tenant == "none" ? "of all" : $"of {Foreign}")}: {answered} instead of 403");
            }
        }
        Assert.Empty(faults);
    }

    /// <summary>The documents say which questions and bodies have a tenant; these are asked for another's.</summary>
    [Theory]
    [MemberData(nameof(Services))]
    public void Every_endpoint_that_takes_a_tenant_says_so_in_the_matrix(string service)
    {
        var document = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "AetherLink.Web", "ui", "openapi", $"{service}.json")))!;
        var faults = new List<string>();
        foreach (var (path, operations) in document["paths"]!.AsObject())
        {
            // The sign-in of Development, where no issuer is: it chooses a tenant, and asks for none.
            foreach (var (method, operation) in operations!.AsObject().Where(one => (one.Key, path) != ("post", "/api/session")))
            {
                var row = AccessMatrix.Of(service).Single(row =>
                    row.Method.Equals(method, StringComparison.OrdinalIgnoreCase) && Plain(row.Route) == Plain(path));
                if (Tenant(operation!, path, document) is var tenant && tenant != row.Tenant switch { "each" => "body", "none" => null, var named => named })
                {
                    faults.Add($"{row.Endpoint}: {tenant ?? "no tenant"} in the document, {row.Tenant ?? "none"} in the matrix");
                }
            }
        }
        Assert.Empty(faults);
    }

    [Fact]
    public void Published_table_is_the_matrix()
    {
        if (IsUpdate)
        {
            File.WriteAllText(AccessMatrix.Page, AccessMatrix.Markdown());
        }
        Assert.Equal(AccessMatrix.Markdown(), File.ReadAllText(AccessMatrix.Page));
    }

    /// <summary>Who asks, with which header, and the status that is due to them.</summary>
    private async Task<List<(string Caller, (string Name, string Value)? Credential, int Expected)>> CallersAsync(AccessRow row)
    {
        int If(bool isAllowed, int denied) => row.IsPublic || isAllowed ? row.Status : denied;
        // Below this path people have sessions, and nothing else counts.
        var isOfSessions = MatrixHosts.ResourceOf(row.Service) == "web" && row.Route.StartsWith("/api/", StringComparison.Ordinal);
        var callers = new List<(string, (string, string)?, int)>();
        foreach (var role in People)
        {
            // People have a tenant, but for an admin; what is everybody's is not theirs to change.
            var isAllowed = row.Roles.Contains(role) && (row.Tenant != "none" || role == "admin");
            callers.Add((role, isOfSessions ? await SessionAsync(row, role) : Bearer(hosts.Issuer.For(role)), If(isAllowed, 403)));
        }
        callers.Add(("nobody", null, If(false, 401)));
        callers.Add(("a person without a role", isOfSessions ? await SessionAsync(row) : Bearer(hosts.Issuer.Token()), If(false, 403)));
        callers.AddRange(Tokens(row).Select(one => (one.Caller, Bearer(one.Token), isOfSessions ? If(false, 401) : one.Expected)));
        if (row.Service == MatrixHosts.MeshControl)
        {
            // It knows no issuer: whoever is not of the mesh is nobody.
            callers = [.. callers.Select(one => one.Item1.StartsWith("a service", StringComparison.Ordinal) ? one : (one.Item1, one.Item2, 401))];
        }
        if (row.Service != MatrixHosts.WithoutIssuer)
        {
            callers.Add(("a header", ("X-User-Roles", "admin"), If(false, 401)));
        }
        return callers;
    }

    private IEnumerable<(string Caller, string Token, int Expected)> Tokens(AccessRow row)
    {
        int If(bool isAllowed, int denied) => row.IsPublic || isAllowed ? row.Status : denied;
        yield return ("a service with every scope but the right one", Mesh(AllScopes.Where(scope => scope != row.Scope)), If(false, 403));
        if (row.Scope is { } right)
        {
            yield return ($"a service with {right}", Mesh([right]), row.Status);
        }
        var role1 = row.Roles.Count > 0 ? row.Roles[0] : "admin";
        JsonArray Roles() => new(role1);
        string With(Action<JsonObject> change, Action<JsonObject>? head = null, IssuerKey? key = null) => hosts.Issuer.Token(claims =>
        {
            claims["roles"] = Roles();
            claims["tenant_id"] = Own;
            change(claims);
        }, head, key);
        var isForAdmins = row.Roles is ["admin"];
        yield return ("a person without a tenant", With(claims => claims.Remove("tenant_id")), If(isForAdmins, 403));
        yield return ("an id token", With(claims => claims["nonce"] = "n"), If(false, 401));
        yield return ("expired", With(claims => claims["exp"] = DateTimeOffset.UtcNow.AddMinutes(-2).ToUnixTimeSeconds()), If(false, 401));
        yield return ("tampered", Tampered(role1), If(false, 401));
        yield return ("unsigned", With(_ => { }, head => head["alg"] = "none"), If(false, 401));
        yield return ("another audience", With(claims => claims["aud"] = "elsewhere"), If(false, 401));
        yield return ("another issuer", hosts.OtherIssuer.For(role1), If(false, 401));
        yield return ("another's signature", With(_ => { }, key: hosts.OtherIssuer.Key), If(false, 401));
        yield return ("another service's mesh token", new MeshTokens(ToyApp.MeshKey, "orchestrator", TimeProvider.System).Issue("elsewhere", AllScopes), If(false, 401));
        yield return ("another client's role", With(claims =>
        {
            claims.Remove("roles");
            claims["resource_access"] = new JsonObject { ["account"] = new JsonObject { ["roles"] = Roles() } };
        }), If(false, 403));

        string Mesh(IEnumerable<string> scopes) => new MeshTokens(ToyApp.MeshKey, "tests", TimeProvider.System).Issue(MatrixHosts.ResourceOf(row.Service), scopes);
    }

    private static (string Name, string Value)? Bearer(string token) => ("Authorization", $"Bearer {token}");

    private async Task<(string Name, string Value)?> SessionAsync(AccessRow row, params string[] roles)
    {
        var who = $"{row.Service} {string.Join(' ', roles)}";
        return ("Cookie", _cookies.TryGetValue(who, out var known) ? known : _cookies[who] = await hosts.CookieAsync(row.Service, roles));
    }

    private async Task<int> AskForForeignTenantAsync(AccessRow row)
    {
        var token = Bearer(hosts.Issuer.For(row.Roles[^1], Own));
        return row.Tenant switch
        {
            "none" => await AskAsync(row, token, row.Route),
            "query" => await AskAsync(row, token, $"{row.Route}?tenant_id={Foreign}"),
            "path" => await AskAsync(row, token, row.Route.Replace("{id}", Foreign, StringComparison.Ordinal), """{"retention_days":3}"""),
            // A template that ships, since one that is not there is 404 for everybody.
            _ => await AskAsync(row, token, row.Route.Replace("templates/{id}/", "templates/ai-fallbacks/", StringComparison.Ordinal), TenantBodies.Of(row.Endpoint, Foreign)),
        };
    }

    private async Task<int> AskAsync(AccessRow row, (string Name, string Value)? credential, string route, string body = "{}")
    {
        var method = row.Method == "*" ? "GET" : row.Method;
        using var request = new HttpRequestMessage(new(method), Filled(route));
        if (credential is { } given)
        {
            request.Headers.TryAddWithoutValidation(given.Name, given.Value);
        }
        if (method is "POST" or "PUT" or "PATCH")
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }
        using var answer = await hosts.Client(row.Service).SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        // A batch has an answer for each of its events.
        return row.Tenant == "each" && answer.IsSuccessStatusCode
            ? (int)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["results"]![0]!["code"]!
            : (int)answer.StatusCode;
    }

    private async Task WriteAsync(string service)
    {
        var known = AccessMatrix.Of(service).ToDictionary(row => row.Endpoint);
        var lines = new StringBuilder($"[{service}]\n");
        foreach (var (endpoint, route) in hosts.Endpoints(service))
        {
            var rule = hosts.Rule(service, route);
            var row = known.GetValueOrDefault(endpoint) ?? new AccessRow(
                service, endpoint.Split(' ')[0], endpoint.Split(' ')[1], rule?.Roles ?? [], rule?.Scope, rule?.Anybody == true, null, 0);
            if (row.Status == 0)
            {
                var token = row.Roles.Count > 0 ? Bearer(hosts.Issuer.For(row.Roles[^1])) : null;
                row = row with { Status = await AskAsync(row, token, row.Route) };
            }
            lines.Append(AccessMatrix.Line(endpoint, row.Roles, row.Scope, row.IsPublic, row.Tenant, row.Status)).Append('\n');
        }
        await File.WriteAllTextAsync($"{AccessMatrix.File}.{service}", lines.ToString());
    }

    private string Tampered(string role)
    {
        var (good, bent) = (hosts.Issuer.Token().Split('.'), hosts.Issuer.For(role).Split('.'));
        return $"{good[0]}.{bent[1]}.{good[2]}";
    }

    private static string Filled(string route) => Constraint().Replace(Document().Replace(route, "v1"), Guid.Empty.ToString());

    private static string Plain(string route) => Constraint().Replace(route, "{}").TrimEnd('/');

    private static string? Tenant(JsonNode operation, string path, JsonNode document)
    {
        if (operation["parameters"]?.AsArray().Any(one => (string?)one!["in"] == "query" && (string?)one["name"] == "tenant_id") is true)
        {
            return "query";
        }
        if (path.EndsWith("/tenants/{id}", StringComparison.Ordinal))
        {
            return "path";
        }
        var schema = operation["requestBody"]?["content"]?["application/json"]?["schema"];
        return Has(schema, document) ? "body" : null;
    }

    private static bool Has(JsonNode? schema, JsonNode document)
    {
        if ((string?)schema?["$ref"] is { } name)
        {
            schema = document["components"]!["schemas"]![name.Split('/')[^1]];
        }
        return schema?["properties"]?["tenant_id"] is not null
            || (schema?["items"] is { } item && Has(item, document))
            || (schema?["properties"]?["filter"] is { } filter && Has(filter, document))
            || ((schema?["oneOf"] ?? schema?["anyOf"]) is JsonArray many && many.Any(one => Has(one, document)));
    }

    [GeneratedRegex(@"\{documentName[^}]*\}+|\{documentName:regex\(\^v1\$\)\}")]
    private static partial Regex Document();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Constraint();
}
