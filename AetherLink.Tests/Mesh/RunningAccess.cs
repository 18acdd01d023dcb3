using System.Net.Http.Json;
using AetherLink.AppHost.MeshControl;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.Access;
using Microsoft.Extensions.DependencyInjection;

namespace AetherLink.Tests.Mesh;

/// <summary>What the running mesh lets in, held against the matrix.</summary>
internal static class RunningAccess
{
    /// <summary>Of a mesh whose Web has the sign-in of Development.</summary>
    public static IReadOnlyList<AccessRow> Of(string service) => service != "web"
        ? InDevelopment(AccessMatrix.Of(service))
        // What is below this path is the issuer's sign-in.
        : [.. InDevelopment(AccessMatrix.Of("web").Where(row => !row.Route.StartsWith("/api/session/", StringComparison.Ordinal))),
            .. AccessMatrix.Of(MatrixHosts.WithoutIssuer).Select(row => row with { Service = "web" })];

    /// <summary>The matrix is of Production; in Development anybody may read what the healer did, and everything that a service needs is there.</summary>
    public static IReadOnlyList<AccessRow> InDevelopment(IEnumerable<AccessRow> rows) =>
    [
        .. rows.Select(row => row with
        {
            IsPublic = row.IsPublic || row.Scope == Scopes.HealsRead,
            Status = AnsweredHere(row),
        }),
    ];

    /// <summary>The lines by which the service's own table and the matrix differ: <c>-</c> is only in the matrix, <c>+</c> only in the service.</summary>
    public static async Task<IReadOnlyList<string>> DifferencesAsync(MeshFixture mesh, string service, IEnumerable<AccessRow> rows) =>
        Differences(await TableAsync(mesh, service), service, rows);

    /// <summary>The same of any that answers.</summary>
    public static async Task<IReadOnlyList<string>> DifferencesAsync(HttpClient client, string service, IEnumerable<AccessRow> rows) =>
        Differences(await TableAsync(client), service, rows);

    private static IReadOnlyList<string> Differences(IReadOnlyList<MappedEndpoint> table, string service, IEnumerable<AccessRow> rows)
    {
        var listed = rows.Select(row => Line(service, row.Endpoint, row.IsPublic, row.Roles, row.Scope)).ToList();
        var running = table.Where(one => !one.IsFile).Select(one => Line(service, $"{one.Method} {one.Route}", one.Anybody, one.Roles, one.Scope)).ToList();
        return
        [
            .. listed.Except(running).Select(line => $"- {line}"),
            .. running.Except(listed).Select(line => $"+ {line}"),
            .. running.GroupBy(line => line).Where(twice => twice.Count() > 1).Select(twice => $"+ {twice.Key}, twice"),
            .. table.Where(one => one.IsFile && (one.Method != "GET" || one.Policies is not [Policies.Public])).Select(one => $"+ the file {one.Route} for {string.Join(' ', one.Policies)}"),
        ];
    }

    private static async Task<IReadOnlyList<MappedEndpoint>> TableAsync(MeshFixture mesh, string service)
    {
        if (service == MatrixHosts.MeshControl)
        {
            return EndpointTable.Of(mesh.Application.Services.GetRequiredService<MeshControlHost>().Running!);
        }
        using var client = mesh.Client(service, "operator");
        return await TableAsync(client);
    }

    private static async Task<IReadOnlyList<MappedEndpoint>> TableAsync(HttpClient client) =>
        (await client.GetFromJsonAsync<EndpointList>("/audit/endpoints", Json.Wire))!.Endpoints;

    // Mesh control has no policies: its one filter lets in whom the questions show it to let in.
    private static string Line(string service, string endpoint, bool isPublic, IEnumerable<string> roles, string? scope) =>
        service == MatrixHosts.MeshControl
            ? endpoint
            : AccessMatrix.Line(endpoint, roles, isPublic || IsOfSessions(service, endpoint) ? null : scope, isPublic, null, 0);

    /// <summary>No token counts there, and no scope.</summary>
    private static bool IsOfSessions(string service, string endpoint) => service == "web" && endpoint.Contains(" /api/", StringComparison.Ordinal);

    /// <summary>Where the matrix has the status of a service that is away, the one that it gives, or what asks it, when it is there.</summary>
    private static int AnsweredHere(AccessRow row)
    {
        if (row.Status < 500)
        {
            return row.Status;
        }
        return row.Service == "web" && row.Route.Split('/') is ["", "api", var service, ..] && MatrixHosts.Services.Contains(service)
            ? AnsweredHere(AccessMatrix.Of(service).Single(asked =>
                asked.Method == row.Method && AccessQuestion.Plain(asked.Route) == AccessQuestion.Plain(row.Route[$"/api/{service}".Length..])))
            : 200;
    }
}
