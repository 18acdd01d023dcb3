namespace AetherLink.Tests.Web;

/// <summary>What the overview asks, and the events' page, of a mesh in which nothing happens.</summary>
internal static class QuietMesh
{
    /// <summary>With these services, which are as they are named.</summary>
    public static void AnswerQuietly(this FakeMesh mesh, object services, string status = "up")
    {
        mesh.Answers["/ops/health"] = new { status, services };
        mesh.Answers["/events/recent"] = new { status = "ok", count = 0, next_cursor = (string?)null, events = Array.Empty<object>() };
        mesh.Answers["/events/stats"] = new { status = "ok", total = 0, last_24h = 0, by_severity = new { }, by_type = new { }, by_hour = Array.Empty<object>() };
        mesh.Answers["/insights/causes"] = new { status = "no_fault_found", count = 0, causes = Array.Empty<object>() };
        mesh.Answers["/alerts"] = new { status = "ok", count = 0, next_cursor = (string?)null, alerts = Array.Empty<object>() };
        mesh.Answers["/autoheal/history"] = new { history = Array.Empty<object>(), total_in_history = 0, limit = 50 };
        mesh.Answers["/providers/health"] = new { };
        mesh.Answers["/alerts/deliveries/stats"] = new { queued = 0, due = 0, in_flight = 0, near_failure = 0, given_up = 0, delivered = 0, failed_attempts = 0 };
    }

    public static object Service(string status, bool enforces = true) =>
        new { status, url = "http://s", since = DateTimeOffset.UtcNow, last_checked = DateTimeOffset.UtcNow, latency_ms = 3.5, rbac_enabled = enforces };

    public static object Provider(string state, string? error) => new
    {
        configured = true,
        healthy = error is null,
        state,
        last_error = error,
        last_checked = DateTimeOffset.UtcNow,
        total_calls = 40,
        failed_calls = error is null ? 0 : 31,
        success_rate = error is null ? 100 : 22.5,
        latency_ms = new { p50 = 310.0, p95 = 940.0 },
        in_flight = 0,
    };
}
