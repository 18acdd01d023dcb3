using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using AetherLink.Tests.CommandCenter;
using AetherLink.Tests.Mesh;

namespace AetherLink.Tests.Access;

/// <summary>A tenant's admin asks every endpoint of the Command Center for what is another tenant's.</summary>
public sealed class TenancyTests(TwoTenants tenants) : IClassFixture<TwoTenants>
{
    private const string Service = "command-center";

    /// <summary>The mesh's own things, and sums over all: nobody's in particular.</summary>
    private static readonly string[] OfNoTenant =
    [
        "GET /audit/endpoints", "GET /audit/operator/stats", "GET /audit/operator/verify", "GET /audit/stats", "GET /events/schema", "GET /ops/autoheal", "GET /ops/health", "GET /ops/reconciliation",
        "GET /ops/services", "GET /alerts/deliveries/stats", "GET /events/stats",
        "GET /anomalies/stats", "GET /insights/causes", "GET /operator-insights/trends",
    ];

    private static IEnumerable<AccessRow> Questions => AccessMatrix.Of(Service).Where(row =>
        row is { Method: "GET", IsPublic: false } && !row.Route.Contains('{', StringComparison.Ordinal) && row.Route != "/events/stream");

    /// <summary>What reads something else than the bare question does.</summary>
    private static readonly string[] Narrower = ["/ops/ai/usage?group_by=tenant", "/ops/ai/usage?group_by=intent"];

    private static IEnumerable<AccessRow> OfOneThing => AccessMatrix.Of(Service).Where(row =>
        row.Route.Contains("{id", StringComparison.Ordinal));

    [Fact]
    public async Task No_list_count_or_sum_tells_of_another_tenant()
    {
        using var ours = tenants.Center.Client("admin", tenants.Ours);
        using var all = tenants.Center.Client("admin");
        var (leaks, blind) = (new List<string>(), new List<string>());
        foreach (var path in Questions.Select(row => row.Route).Concat(Narrower))
        {
            var (mine, everybodys) = (await ours.GetStringOrProblemAsync(path), await all.GetStringOrProblemAsync(path));
            if (mine.Contains(tenants.Theirs, StringComparison.Ordinal))
            {
                leaks.Add(path);
            }
            // An answer that nobody's name is in would prove nothing: who sees all must see theirs there.
            if (!everybodys.Contains(tenants.Theirs, StringComparison.Ordinal) && !OfNoTenant.Contains($"GET {path}"))
            {
                blind.Add(path);
            }
        }
        Assert.Empty(leaks);
        Assert.Empty(blind);
    }

    [Fact]
    public async Task Sums_are_of_the_own_tenant()
    {
        using var ours = tenants.Center.Client("operator", tenants.Ours);
        using var theirs = tenants.Center.Client("operator", tenants.Theirs);
        using var all = tenants.Center.Client("operator");
        foreach (var (path, read) in new (string, Func<JsonObject, long>)[]
        {
            ("/events/stats", json => (long)json["by_type"]!["lead.created"]!),
            ("/ops/ai/usage", json => (long)json["total"]!["calls"]!),
            ("/anomalies/stats", json => (long)json["by_kind"]!["events"]!["total"]!),
            ("/audit/operator/stats", json => (long)json["by_action"]!["webhook.created"]!),
            ("/operator-insights/trends", json => (long)json["now"]!["ai_calls"]!),
            ("/alerts/deliveries/stats", json => (long)json["given_up"]!),
        })
        {
            var (mine, other, sum) = (read(await ours.JsonAsync(path)), read(await theirs.JsonAsync(path)), read(await all.JsonAsync(path)));
            Assert.Equal((path, 1L, 1L, 2L), (path, mine, other, sum));
        }
    }

    [Fact]
    public async Task Same_event_id_is_another_event_in_another_tenant()
    {
        using var ours = tenants.Center.Client("operator", tenants.Ours);
        using var theirs = tenants.Center.Client("operator", tenants.Theirs);
        using var all = tenants.Center.Client("operator");

        Assert.Contains($"lead of {tenants.Ours}", await ours.GetStringAsync("/events/recent?event_type=lead.created"), StringComparison.Ordinal);
        Assert.Contains($"lead of {tenants.Theirs}", await theirs.GetStringAsync("/events/recent?event_type=lead.created"), StringComparison.Ordinal);
        Assert.Equal(["same", "same"], await all.IdsAsync("?event_type=lead.created"));
    }

    [Fact]
    public async Task Nothing_of_another_tenant_can_be_read_changed_or_removed_by_its_id()
    {
        using var ours = tenants.Center.Client("admin", tenants.Ours);
        using var theirs = tenants.Center.Client("admin", tenants.Theirs);
        var (before, faults) = (await StateAsync(theirs), new List<string>());
        foreach (var row in OfOneThing)
        {
            var thing = tenants.IdsOfTheirs.Keys.SingleOrDefault(key => row.Route == key || row.Route.StartsWith(key + "/", StringComparison.Ordinal));
            if (thing is null)
            {
                faults.Add($"{row.Endpoint}: add a thing of theirs to the fixture");
                continue;
            }
            using var request = new HttpRequestMessage(
                new(row.Method), row.Route.Replace(thing, thing[..thing.IndexOf('{', StringComparison.Ordinal)] + tenants.IdsOfTheirs[thing], StringComparison.Ordinal));
            if (row.Method is "POST" or "PUT" or "PATCH")
            {
                request.Content = new StringContent(BodyFor(row), Encoding.UTF8, "application/json");
            }
            using var answer = await ours.SendAsync(request);
            if (answer.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.Forbidden))
            {
                faults.Add($"{row.Endpoint}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            }
        }
        Assert.Empty(faults);
        Assert.Equal(before, await StateAsync(theirs));
    }

    [Fact]
    public async Task Replay_in_bulk_takes_nothing_of_another_tenant()
    {
        using var ours = tenants.Center.Client("admin", tenants.Ours);

        using var byId = await ours.PostAsJsonAsync("/alerts/deliveries/replay", new { ids = new[] { tenants.IdsOfTheirs["/alerts/deliveries/{id:guid}"] }, dry_run = true });
        using var byEndpoint = await ours.PostAsJsonAsync("/alerts/deliveries/replay", new
        {
            filter = new { status = "success", endpoint_id = tenants.IdsOfTheirs["/alerts/webhooks/{id:guid}"] },
            dry_run = true,
        });

        Assert.Equal((0, 0), ((int)(await byId.JsonAsync())["matched"]!, (int)(await byEndpoint.JsonAsync())["matched"]!));
    }

    [Fact]
    public async Task Stream_from_the_beginning_has_nothing_of_another_tenant()
    {
        using var ours = tenants.Center.Client("operator", tenants.Ours);
        using var theirs = tenants.Center.Client("operator", tenants.Theirs);
        await using var stream = await EventStream.OpenAsync(ours, "/events/stream", "0");
        using var other = await theirs.PublishAsync("live", "lead.assigned", payload: new { lead_id = "live" });
        using var last = await ours.PublishAsync("last", "lead.assigned", payload: new { lead_id = "last" });

        for (string? id = null; id != "last";)
        {
            var next = await stream.NextAsync(TimeSpan.FromSeconds(10));
            Assert.Equal(tenants.Ours, (string?)next.Data["tenant_id"]);
            id = (string?)next.Data["event_id"];
        }
    }

    [Fact]
    public async Task What_is_everybodys_is_not_changed_by_people_of_one_tenant()
    {
        using var ours = tenants.Center.Client("admin", tenants.Ours);

        using var retention = await ours.PutAsJsonAsync("/events/retention", new { retention_days = 1 });
        using var schema = await ours.PostAsJsonAsync("/events/schema", new { event_type = "ours.own", version = 1, description = "A test.", properties = new { } });
        using var service = await ours.PostAsJsonAsync("/ops/register", new { name = "ours", url = "http://ours.example" });
        using var gone = await ours.DeleteAsync(new Uri("/ops/services/ours", UriKind.Relative));

        Assert.All([retention, schema, service, gone], answer => Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode));
        using var own = await ours.PutAsJsonAsync($"/events/retention/tenants/{tenants.Ours}", new { retention_days = 30 });
        Assert.DoesNotContain(tenants.Theirs, await own.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private string BodyFor(AccessRow row) => row.Endpoint switch
    {
        "PATCH /alerts/rules/{id}/enabled" => """{"enabled":false}""",
        "PUT /events/retention/tenants/{id}" => """{"retention_days":1}""",
        "POST /anomalies/{id:guid}/triage" => """{"state":"resolved"}""",
        "POST /insights/causes/{id:guid}/verdict" => """{"verdict":"wrong_cause"}""",
        _ when row.Tenant == "body" => TenantBodies.Of(row.Endpoint, tenants.Ours),
        _ => "{}",
    };

    private static async Task<string> StateAsync(HttpClient theirs)
    {
        var state = new StringBuilder();
        foreach (var path in (string[])
            ["/alerts/rules", "/alerts/silences", "/alerts/templates", "/alerts/webhooks", "/autoheal/rules", "/events/retention", "/anomalies/history", "/audit/operator"])
        {
            state.AppendLine(await theirs.GetStringAsync(path));
        }
        return state.ToString();
    }
}

internal static class TenancyRequests
{
    public static async Task<string> GetStringOrProblemAsync(this HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        return await answer.Content.ReadAsStringAsync();
    }
}
