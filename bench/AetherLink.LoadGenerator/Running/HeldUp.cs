using System.Globalization;
using AetherLink.LoadGenerator.Table;

namespace AetherLink.LoadGenerator.Running;

/// <summary>
/// What kept everything from working since a moment: a host that gave its processors to others, a disk that was waited for, a service whose
/// collector had stopped it. Where it is none of them, it was what the service does.
/// </summary>
internal sealed class HeldUp
{
    private const string Pauses = "dotnet_gc_pause_time_seconds_total";

    private readonly HttpClient _service;
    private readonly TimeSpan _stolen = StolenTime.Total();
    private readonly TimeSpan? _waited = Waited();
    private readonly TimeSpan? _paused;

    private HeldUp(HttpClient service, TimeSpan? paused) => (_service, _paused) = (service, paused);

    public static async Task<HeldUp> BeginAsync(HttpClient service, CancellationToken cancellationToken) =>
        new(service, await PausedAsync(service, cancellationToken));

    public async Task<string> TellAsync(CancellationToken cancellationToken)
    {
        var paused = await PausedAsync(_service, cancellationToken) - _paused;
        return $"{Told("the host had the processors for", StolenTime.Total() - _stolen)}, {Told("the disk was waited for", Waited() - _waited)}, {Told("the collector stopped it for", paused)}";
    }

    private static string Told(string what, TimeSpan? time) => Row.Text($"{what} {(time is { } known ? Row.Text($"{known.TotalSeconds:0.00} s") : "nobody knows how long")}");

    /// <summary>"some avg10=… total=…", in microseconds: somebody waited for it. Null where the kernel does not say.</summary>
    private static TimeSpan? Waited()
    {
        const string Pressure = "/proc/pressure/io";
        if (!File.Exists(Pressure))
        {
            return null;
        }
        var line = File.ReadLines(Pressure).First();
        return TimeSpan.FromMicroseconds(double.Parse(line[(line.LastIndexOf('=') + 1)..], CultureInfo.InvariantCulture));
    }

    private static async Task<TimeSpan?> PausedAsync(HttpClient service, CancellationToken cancellationToken)
    {
        var metrics = await service.GetStringAsync(new Uri("/metrics", UriKind.Relative), cancellationToken);
        return metrics.Split('\n').FirstOrDefault(line => line.StartsWith(Pauses, StringComparison.Ordinal)) is { } line
            ? TimeSpan.FromSeconds(double.Parse(line[Math.Max(line.LastIndexOf('}') + 1, Pauses.Length)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture))
            : null;
    }
}
