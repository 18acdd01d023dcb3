using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AetherLink.Tests.Access;

/// <summary>An empty question to an endpoint of the matrix, and the status of its answer.</summary>
internal static partial class AccessQuestion
{
    public const string Foreign = "globex";

    public static async Task<int> AskAsync(
        HttpClient client, AccessRow row, (string Name, string Value)? credential, string? route = null, string body = "{}")
    {
        var method = row.Method == "*" ? "GET" : row.Method;
        using var request = new HttpRequestMessage(new(method), Filled(route ?? row.Route));
        if (credential is { } given)
        {
            request.Headers.TryAddWithoutValidation(given.Name, given.Value);
        }
        if (method is "POST" or "PUT" or "PATCH")
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        // A batch has an answer for each of its events.
        return row.Tenant == "each" && answer.IsSuccessStatusCode
            ? (int)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["results"]![0]!["code"]!
            : (int)answer.StatusCode;
    }

    /// <summary>Asks for another tenant's, or for what is everybody's, where the endpoint has such.</summary>
    public static Task<int> AskForForeignTenantAsync(HttpClient client, AccessRow row, (string Name, string Value) credential) => row.Tenant switch
    {
        "none" => AskAsync(client, row, credential),
        "query" => AskAsync(client, row, credential, $"{row.Route}?tenant_id={Foreign}"),
        "path" => AskAsync(client, row, credential, row.Route.Replace("{id}", Foreign, StringComparison.Ordinal), """{"retention_days":3}"""),
        // A template that ships, since one that is not there is 404 for everybody.
        _ => AskAsync(
            client, row, credential, row.Route.Replace("templates/{id}/", "templates/ai-fallbacks/", StringComparison.Ordinal), TenantBodies.Of(row.Endpoint, Foreign)),
    };

    /// <summary>What everybody who differs from the matrix was answered; empty when nobody does.</summary>
    public static async Task<IReadOnlyList<string>> FaultsAsync(HttpClient client, AccessRow row, IEnumerable<AccessCaller> callers, AccessCallers all)
    {
        var faults = new List<string>();
        foreach (var (caller, credential, expected) in callers)
        {
            if (await AskAsync(client, row, credential) is var status && status != expected)
            {
                faults.Add($"{row.Endpoint} by {caller}: {status} instead of {expected}");
            }
        }
        if (row.Tenant is not null && await AskForForeignTenantAsync(client, row, all.OfOwnTenant(row)) is var answered && answered != 403)
        {
            faults.Add($"{row.Endpoint} by one of {AccessCallers.Own}, {(row.Tenant == "none" ? "of all" : $"of {Foreign}")}: {answered} instead of 403");
        }
        return faults;
    }

    /// <summary>The route without the names and constraints of its parameters.</summary>
    public static string Plain(string route) => Constraint().Replace(route, "{}").TrimEnd('/');

    private static string Filled(string route) => Constraint().Replace(Document().Replace(route, "v1"), Guid.Empty.ToString());

    [GeneratedRegex(@"\{documentName[^}]*\}+|\{documentName:regex\(\^v1\$\)\}")]
    private static partial Regex Document();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Constraint();
}
