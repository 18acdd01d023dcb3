using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AetherLink.Web.Forwarding;

namespace AetherLink.Tests.Fuzzing;

/// <param name="Name">As on the wire.</param>
/// <param name="In">path, query or header.</param>
/// <param name="Schema">Its schema.</param>
internal sealed record Parameter(string Name, string In, JsonNode? Schema);

/// <summary>One method of one path, as the service's document describes it.</summary>
/// <param name="Service">The resource that answers.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">The template.</param>
/// <param name="Roles">Who may; null for anybody.</param>
/// <param name="Parameters">Of path, query and headers.</param>
/// <param name="ContentTypes">What a body may be; empty where there is none.</param>
/// <param name="Body">The body's schema.</param>
/// <param name="Components">The schemas that others refer to.</param>
internal sealed partial record Operation(
    string Service, string Method, string Path, IReadOnlyList<string>? Roles, IReadOnlyList<Parameter> Parameters,
    IReadOnlyList<string> ContentTypes, JsonNode? Body, JsonNode? Components)
{
    /// <summary>What it may answer; null where no document says.</summary>
    public IReadOnlySet<int>? Statuses { get; init; }

    /// <summary>Whether it is meant by a path.</summary>
    public bool IsAt(string path) => Regex.IsMatch(path, $"^{PathParameter().Replace(Path, "[^/]+")}$");

    /// <summary>What every service answers and no document lists: for machines and browsers.</summary>
    private static readonly string[] Unlisted = ["/health", "/alive", "/metrics", "/openapi/v1.json", "/docs"];

    public override string ToString() => $"{Service} {Method} {Path}";

    public static IEnumerable<Operation> Of(string service, JsonNode document)
    {
        var components = document["components"]?["schemas"];
        foreach (var (path, methods) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                var content = operation!["requestBody"]?["content"]?.AsObject();
                yield return new(
                    service,
                    method.ToUpperInvariant(),
                    path,
                    operation["x-roles"]?.AsArray().Select(role => (string)role!).ToArray(),
                    [.. (operation["parameters"]?.AsArray() ?? []).Select(parameter =>
                        new Parameter((string)parameter!["name"]!, (string)parameter["in"]!, parameter["schema"]))],
                    content?.Select(type => type.Key).ToArray() ?? [],
                    content?.First().Value!["schema"],
                    components)
                {
                    Statuses = operation["responses"]!.AsObject().Select(response => int.Parse(response.Key, CultureInfo.InvariantCulture)).ToHashSet(),
                };
            }
        }

        foreach (var path in Unlisted.Where(path => document["paths"]![path] is null))
        {
            yield return new(service, "GET", path, Roles: null, [], [], Body: null, components);
        }
    }

    /// <summary>The same operations through the gateway, as far as it forwards them.</summary>
    public static IEnumerable<Operation> Forwarded(IReadOnlyList<Operation> operations) =>
        from route in ForwardedRoute.All
        join operation in operations on (route.Service, route.Method, route.Template) equals (operation.Service, operation.Method, operation.Path)
        select operation with { Service = "web", Path = route.Pattern, Roles = operation.Roles ?? ["operator", "admin"], Statuses = null };

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex PathParameter();
}
