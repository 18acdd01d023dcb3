using System.Globalization;
using System.Net;
using AetherLink.LoadGenerator.Http;
using AetherLink.LoadGenerator.Load;

namespace AetherLink.LoadGenerator.Cases;

/// <summary>Events that carry a run's mark and their number, so that the webhook they lead to tells which one it is of.</summary>
internal static class WebhookPublishing
{
    public const string Type = "lead.created";

    public static string Mark(string run, long number) => string.Create(CultureInfo.InvariantCulture, $"{run}-{number:D8}");

    public static string Event(string run, long number, string tenant) =>
        $$$"""
        {"event_type":"{{{Type}}}","source":"bench","tenant_id":"{{{tenant}}}","payload":{"lead_id":"{{{Mark(run, number)}}}","name":"Jane Doe","status":"new"}}
        """;

    /// <summary>One a request, by schedule; and when each was due.</summary>
    public static async Task<(LoadResult Result, long[] Due)> ByScheduleAsync(
        IPEndPoint server, string run, double perSecond, TimeSpan duration, Func<long, string> tenant, CancellationToken cancellationToken)
    {
        var due = new long[Count(perSecond, duration)];
        var result = await OpenLoop.RunAsync(server, 64, perSecond, duration,
            number => RequestBytes.Post(server, "/events/publish", Event(run, number, tenant(number))),
            (number, at, status, _) =>
            {
                due[number] = at;
                return status == 200;
            },
            cancellationToken);
        return (result, due);
    }

    public static int Count(double perSecond, TimeSpan duration) => (int)Math.Ceiling(perSecond * duration.TotalSeconds);
}
