using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AetherLink.Tests.Mesh;

namespace AetherLink.Tests.Fuzzing;

/// <summary>
/// Things of every kind that has an id of the service's making, so that requests reach what is behind "there is none". A request
/// names them by their place, which is the same in every run: <c>{alerts/rules:7}</c>.
/// </summary>
internal static partial class Planted
{
    /// <summary>Each request that deletes one leaves the others.</summary>
    public const int OfEach = 20;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    /// <summary>Where each kind is listed, under which name, and with which id.</summary>
    private static readonly (string Kind, string List, string Items, string Id)[] Kinds =
    [
        ("alerts/rules", "/alerts/rules", "rules", "rule_id"),
        ("alerts/silences", "/alerts/silences", "silences", "silence_id"),
        ("alerts/templates", "/alerts/templates", "templates", "template_id"),
        ("alerts/webhooks", "/alerts/webhooks", "webhooks", "id"),
        ("autoheal/rules", "/autoheal/rules", "rules", "id"),
        ("alerts/deliveries", "/alerts/deliveries/history", "items", "id"),
        ("alerts", "/alerts", "alerts", "alert_id"),
    ];

    /// <summary>The placeholder of one of what a path's next segment names; null where that is no id of the service's making.</summary>
    public static string? Placeholder(Dice dice, string path) =>
        Kinds.FirstOrDefault(kind => path.EndsWith("/" + kind.Kind, StringComparison.Ordinal)).Kind is { } kind ? $"{{{kind}:{dice.Below(OfEach)}}}" : null;

    /// <summary>A target with its placeholders replaced.</summary>
    public static string Resolved(string target, IReadOnlyDictionary<string, string> given) =>
        Holder().Replace(target, holder => given.GetValueOrDefault(holder.Value, holder.Value));

    /// <summary>Makes them, in the fuzzer's tenant. The answer is what each placeholder stands for.</summary>
    public static async Task<Dictionary<string, string>> PlantAsync(MeshFixture mesh)
    {
        using var client = mesh.Client("command-center", "admin");
        client.DefaultRequestHeaders.Add("X-Tenant-ID", ValidValues.Tenant);
        var rule = new { name = "planted", event_type = "lead.created", group_by = "payload.lead_id", window_seconds = 600, threshold = 1 };
        for (var each = 0; each < OfEach; each++)
        {
            await PostAsync(client, "/alerts/rules", each == 0 ? rule : new { rule.name, event_type = "lead.assigned", rule.group_by, rule.window_seconds, threshold = 10_000 });
            await PostAsync(client, "/alerts/silences", new { matchers = new[] { new { label = "rule", op = "=", value = "nobody's" } }, reason = "fuzz", ends_at = DateTimeOffset.UtcNow.AddHours(1) });
            await PostAsync(client, "/alerts/templates", new { name = $"planted {each}", rule = new { event_type = "lead.created", window_seconds = 60, threshold = 10 } });
            // Of a name that nobody has: nothing goes out, and each attempt is a failed one.
            await PostAsync(client, "/alerts/webhooks", new { url = "http://fuzz.invalid/", kind = "standard", event_types = (string[])[each == 0 ? "lead.created" : "lead.assigned"] });
            await PostAsync(client, "/autoheal/rules", new { name = $"planted {each}", match_endpoint = "nobody*", action = "cool_down", cooldown_seconds = 60 });
        }
        await Eventually.True(async () =>
        {
            // Rules and endpoints are known to their followers a moment after they are made.
            await PostAsync(client, "/events/publish/batch", Enumerable.Range(0, OfEach).Select(each => new { event_type = "lead.created", source = "fuzz", payload = new { lead_id = $"{each}" } }));
            return (await IdsAsync(client, Kinds[^1])).Count >= OfEach && (await IdsAsync(client, Kinds[^2])).Count >= OfEach;
        }, Soon, "alerts and deliveries are there");

        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var kind in Kinds)
        {
            var ids = await IdsAsync(client, kind);
            for (var each = 0; each < OfEach; each++)
            {
                given[string.Create(CultureInfo.InvariantCulture, $"{{{kind.Kind}:{each}}}")] = ids[each];
            }
        }
        return given;
    }

    /// <summary>Takes away what was planted, and what valid requests made of the same kinds.</summary>
    public static async Task RemoveAsync(MeshFixture mesh)
    {
        using var client = mesh.Client("command-center", "admin");
        foreach (var kind in Kinds.Where(kind => kind.List == "/" + kind.Kind && kind.Kind != "alerts"))
        {
            foreach (var id in await IdsAsync(client, kind))
            {
                using var answer = await client.DeleteAsync(new Uri($"{kind.List}/{id}", UriKind.Relative));
            }
        }
    }

    private static async Task<List<string>> IdsAsync(HttpClient client, (string Kind, string List, string Items, string Id) kind)
    {
        var (ids, cursor) = (new List<string>(), "");
        do
        {
            var page = await client.GetFromJsonAsync<JsonObject>($"{kind.List}?limit=100{cursor}");
            ids.AddRange(page![kind.Items]!.AsArray().Select(item => (string)item![kind.Id]!));
            cursor = (string?)page["next_cursor"] is { } next ? $"&cursor={Uri.EscapeDataString(next)}" : "";
        }
        while (cursor.Length > 0);
        return ids;
    }

    private static async Task PostAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {await answer.Content.ReadAsStringAsync()}");
    }

    [GeneratedRegex(@"\{[a-z/]+:\d+\}")]
    private static partial Regex Holder();
}
