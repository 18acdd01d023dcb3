using System.Diagnostics.Metrics;
using System.Globalization;

namespace AetherLink.CommandCenter.Mesh;

/// <summary>The meters that the operators' dashboards name.</summary>
internal sealed class OperatorMetrics
{
    private readonly Counter<long> _requests;

    public OperatorMetrics(IMeterFactory meters, HealthBoard board, Uptime uptime)
    {
        var meter = meters.Create("AetherLink.CommandCenter");
        meter.CreateObservableGauge(
            "command_center_health", () => board.Current.Status switch
            {
                HealthStatus.Up => 1.0,
                HealthStatus.Down => 0.0,
                _ => 0.5,
            },
            description: "The mesh: 1 up, 0.5 degraded, 0 down.");
        meter.CreateObservableGauge("command_center_uptime", () => uptime.Elapsed.TotalSeconds, "s", "How long this process has been up.");
        _requests = meter.CreateCounter<long>("command_center_api_requests", description: "Requests answered.");
    }

    /// <summary>Counts by the route's template: a path that somebody made up must not make a series.</summary>
    public void Answered(HttpContext context) => _requests.Add(
        1,
        new("method", context.Request.Method),
        new("endpoint", (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none"),
        new("status", context.Response.StatusCode.ToString(CultureInfo.InvariantCulture)));
}
