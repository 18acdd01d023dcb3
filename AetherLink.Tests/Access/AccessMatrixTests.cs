using System.Text;
using System.Text.Json.Nodes;
using AetherLink.Tests.ServiceDefaults;

namespace AetherLink.Tests.Access;

/// <summary>
/// Every endpoint of every service, asked by everybody: each role, nobody, services with and without the scope, and tokens with every
/// fault. The answer's status is held against the matrix, exactly. Here as in Production; RunningAccessTests ask the running mesh.
/// </summary>
public sealed class AccessMatrixTests : IClassFixture<MatrixHosts>
{
    private static readonly bool IsUpdate = Environment.GetEnvironmentVariable("AETHERLINK_UPDATE") == "1";

    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);
    private readonly MatrixHosts _hosts;
    private readonly AccessCallers _callers;

    public AccessMatrixTests(MatrixHosts hosts)
    {
        _hosts = hosts;
        _callers = new(new(hosts.Issuer, hosts.OtherIssuer, ToyApp.MeshKey, CookieAsync) { WithoutIssuer = [MatrixHosts.MeshControl] });
    }

    public static TheoryData<string> Services => [.. MatrixHosts.Services];

    public static TheoryData<string> Asked => [.. MatrixHosts.Asked];

    [Theory]
    [MemberData(nameof(Asked))]
    public async Task Every_endpoint_is_in_the_matrix_and_nothing_else_is(string service)
    {
        var mapped = _hosts.Endpoints(service).Select(one => $"{one.Method} {one.Route}").ToList();
        var listed = AccessMatrix.Of(service).Select(row => row.Endpoint).ToHashSet();
        if (IsUpdate)
        {
            await WriteAsync(service);
        }

        Assert.Equal(mapped.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Asked))]
    public async Task Everybody_gets_exactly_what_the_matrix_says(string service)
    {
        var faults = new List<string>();
        foreach (var row in AccessMatrix.Of(service))
        {
            // The sign-in without an issuer is of Development, where a header counts; it is anybody's.
            var callers = (await _callers.OfAsync(row)).Where(caller => service != MatrixHosts.WithoutIssuer || caller.Name != "a header");
            faults.AddRange(await AccessQuestion.FaultsAsync(_hosts.Client(service), row, callers, _callers));
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
                    row.Method.Equals(method, StringComparison.OrdinalIgnoreCase) && AccessQuestion.Plain(row.Route) == AccessQuestion.Plain(path));
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

    private async Task<string?> CookieAsync(AccessRow row, string[] roles)
    {
        var who = $"{row.Service} {string.Join(' ', roles)}";
        return _cookies.TryGetValue(who, out var known) ? known : _cookies[who] = await _hosts.CookieAsync(row.Service, roles);
    }

    private async Task WriteAsync(string service)
    {
        var known = AccessMatrix.Of(service).ToDictionary(row => row.Endpoint);
        var lines = new StringBuilder($"[{service}]\n");
        foreach (var one in _hosts.Endpoints(service))
        {
            var row = known.GetValueOrDefault($"{one.Method} {one.Route}")
                ?? new AccessRow(service, one.Method, one.Route, one.Anybody ? [] : one.Roles, one.Scope, one.Anybody, null, 0);
            if (row.Status == 0)
            {
                row = row with { Status = await AccessQuestion.AskAsync(_hosts.Client(service), row, row.Roles.Count > 0 ? _callers.WhoMay(row) : null) };
            }
            lines.Append(AccessMatrix.Line(row.Endpoint, row.Roles, row.Scope, row.IsPublic, row.Tenant, row.Status)).Append('\n');
        }
        await File.WriteAllTextAsync($"{AccessMatrix.File}.{service}", lines.ToString());
    }

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
}
