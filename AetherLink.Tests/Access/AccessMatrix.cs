using System.Text;

namespace AetherLink.Tests.Access;

/// <summary>An endpoint, who may ask it, and what then comes of an empty question.</summary>
/// <param name="Service">The resource.</param>
/// <param name="Method">The method.</param>
/// <param name="Route">The route's template.</param>
/// <param name="Roles">The people's roles; empty for none of them.</param>
/// <param name="Scope">The scope by which a service passes; null for none.</param>
/// <param name="IsPublic">Whether anybody may.</param>
/// <param name="Tenant">How a tenant can be asked for: query, body, each (of a batch), path; none for what is not a tenant's; null when it cannot.</param>
/// <param name="Status">What an empty question is answered once its asker is let in.</param>
internal sealed record AccessRow(
    string Service, string Method, string Route, IReadOnlyList<string> Roles, string? Scope, bool IsPublic, string? Tenant, int Status)
{
    public string Endpoint => $"{Method} {Route}";
}

/// <summary>
/// The matrix of who may ask what, as people have agreed on it: the file is written by hand, and the services are held against it.
/// A line: <c>GET /events/recent | O A events.read | query | 200</c>; a dash for anybody, and for no tenant.
/// </summary>
internal static class AccessMatrix
{
    private static readonly (string Letter, string Role)[] Letters = [("V", "viewer"), ("G", "agent"), ("O", "operator"), ("A", "admin")];

    public static string File { get; } = Path.Combine(Repository.Root, "AetherLink.Tests", "Access", "matrix.txt");

    public static string Page { get; } = Path.Combine(Repository.Root, "docs", "access.md");

    public static IReadOnlyList<AccessRow> Rows { get; } = Read();

    public static IEnumerable<AccessRow> Of(string service) => Rows.Where(row => row.Service == service);

    /// <summary>The table of docs/.</summary>
    public static string Markdown()
    {
        var page = new StringBuilder(
            """
            # Who may ask what

            Made from `AetherLink.Tests/Access/matrix.txt`, against which tests hold every endpoint of every service: as in Production
            (`AccessMatrixTests`; with `AETHERLINK_UPDATE=1` they write this page anew), and in the running mesh (`RunningAccessTests`). A
            service tells at `GET /audit/endpoints` what it has, so that any deployment can be held against this page.

            V viewer, G agent, O operator, A admin: what an empty question is answered to each once it is let in, as a status. People have a
            tenant, but for the admin: another person without one gets 403. `scope`: a service of the mesh passes with this scope, and with no
            other. Nobody in particular, a roles header, and everybody with a token that is an id token, expired, changed, unsigned, of another
            audience, of another issuer or signed with another key, gets 401; a person whose role comes from another client gets 403. Below the
            Web's `/api` only sessions count, and every token gets 401. The services run as in Production, behind an issuer, but for the last
            two tables: the sign-in of Development is there only without one, and mesh control is the AppHost's, where every person is 401.

            `tenant`: where a question can name a tenant (`each`: each event of a batch); another than the caller's own is 403, whatever the
            role. `none`: it is everybody's, and people of one tenant get 403, admins too.

            """);
        foreach (var service in Rows.GroupBy(row => row.Service))
        {
            page.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n## {service.Key}\n\n| endpoint | V | G | O | A | scope | nobody | tenant |\n|---|---|---|---|---|---|---|---|\n");
            foreach (var row in service)
            {
                page.Append("| `").Append(row.Endpoint).Append('`');
                foreach (var (_, role) in Letters)
                {
                    page.Append(" | ").Append(row.IsPublic || (row.Roles.Contains(role) && (row.Tenant != "none" || role == "admin")) ? row.Status : 403);
                }
                page.Append(" | ").Append(row.Scope).Append(" | ").Append(row.IsPublic ? row.Status : 401).Append(" | ").Append(row.Tenant).Append(" |\n");
            }
        }
        return page.ToString();
    }

    public static string Line(string endpoint, IEnumerable<string> roles, string? scope, bool isPublic, string? tenant, int status)
    {
        var who = isPublic ? "-" : string.Join(' ', Letters.Where(one => roles.Contains(one.Role)).Select(one => one.Letter).Append(scope).Where(one => one is not null));
        return $"{endpoint} | {who} | {tenant ?? "-"} | {status}";
    }

    private static List<AccessRow> Read()
    {
        var (rows, service) = (new List<AccessRow>(), "");
        foreach (var line in System.IO.File.ReadLines(File).Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line[0] == '[')
            {
                service = line.Trim('[', ']');
                continue;
            }
            var parts = line.Split('|', StringSplitOptions.TrimEntries);
            var (who, place) = (parts[1].Split(' '), parts[0].IndexOf(' ', StringComparison.Ordinal));
            rows.Add(new(
                service, parts[0][..place], parts[0][(place + 1)..],
                [.. Letters.Where(one => who.Contains(one.Letter)).Select(one => one.Role)],
                who.FirstOrDefault(one => one.Contains('.', StringComparison.Ordinal)), who is ["-"], parts[2] == "-" ? null : parts[2],
                int.Parse(parts[3], System.Globalization.CultureInfo.InvariantCulture)));
        }
        return rows;
    }
}
