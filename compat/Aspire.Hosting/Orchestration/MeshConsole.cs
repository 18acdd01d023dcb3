using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Orchestration;

/// <summary>Shows a person at a terminal what the mesh does: each line of output, and each resource's state.</summary>
internal sealed class MeshConsole(
    DistributedApplicationModel model,
    ResourceLoggerService loggers,
    ResourceNotificationService notifications,
    IHostApplicationLifetime lifetime,
    TimeProvider time) : BackgroundService
{
    private static readonly ConsoleColor[] Colors =
        [ConsoleColor.Cyan, ConsoleColor.Green, ConsoleColor.Yellow, ConsoleColor.Magenta, ConsoleColor.Blue, ConsoleColor.DarkCyan, ConsoleColor.DarkYellow];

    private readonly Lock _lock = new();
    private readonly int _width = model.Resources.Select(resource => resource.Name.Length).Append(4).Max();
    private readonly Dictionary<string, string> _shown = new(StringComparer.OrdinalIgnoreCase);
    private readonly long _began = time.GetTimestamp();
    private bool _announced;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        loggers.Written += Write;
        lifetime.ApplicationStopping.Register(() => Status("mesh", "stopping"));
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        loggers.Written -= Write;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var update in notifications.WatchAsync(stoppingToken).ConfigureAwait(false))
            {
                Show(update);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private void Show(ResourceEvent update)
    {
        if (update.Resource is ParameterResource || update.Snapshot.IsHidden || Describe(update.Snapshot) is not { } text)
        {
            return;
        }

        if (_shown.GetValueOrDefault(update.Resource.Name) == text)
        {
            return;
        }

        _shown[update.Resource.Name] = text;
        var urls = string.Concat(update.Snapshot.Urls
            .Where(url => url.Url.StartsWith("http", StringComparison.Ordinal))
            .Select(url => $"  {url.Url}{(url.DisplayProperties.DisplayName is { Length: > 0 } name ? $" ({name})" : "")}"));
        Status(update.Resource.Name, text == "healthy"
            ? string.Create(CultureInfo.InvariantCulture, $"healthy after {time.GetElapsedTime(_began).TotalSeconds:0.0} s{urls}")
            : text);
        AnnounceWhenAllAreUp();
    }

    private void AnnounceWhenAllAreUp()
    {
        var others = model.Resources
            .Where(resource => resource is not ParameterResource && !resource.HasAnnotationOfType<ExplicitStartupAnnotation>())
            .Select(resource => notifications.CurrentState(resource).Snapshot)
            .Where(snapshot => snapshot.State is not null && !snapshot.IsUnavailable());
        if (!_announced && others.All(snapshot => snapshot is { HealthStatus: HealthStatus.Healthy, IsReady: true }))
        {
            _announced = true;
            Status("mesh", "Distributed application started. Press Ctrl+C to shut down.");
        }
    }

    private static string? Describe(CustomResourceSnapshot snapshot) => snapshot.State?.Text switch
    {
        null or "Starting" => null,
        "Running" when snapshot is { HealthStatus: HealthStatus.Healthy, IsReady: true } => "healthy",
        "Running" when snapshot.HealthReports.Any(report => report.Status is null) || !snapshot.IsReady => null,
        "Running" => $"unhealthy: {snapshot.HealthReports.FirstOrDefault(report => report.Status != HealthStatus.Healthy)?.Description}",
        "RuntimeUnhealthy" => "unavailable on this machine (the rest goes on)",
        "FailedToStart" => "failed to start",
        "Exited" => $"exited{snapshot.ExitCodeText()}",
        var state => state.ToLowerInvariant(),
    };

    private void Status(string name, string text) => WriteLine(name, '*', text, isError: false);

    private void Write(string name, LogLine line) => WriteLine(name, '|', line.Content, line.IsErrorMessage);

    private void WriteLine(string name, char mark, string text, bool isError)
    {
        lock (_lock)
        {
            if (Console.IsOutputRedirected)
            {
                Console.Out.WriteLine($"{name.PadRight(_width)} {mark} {text}");
                return;
            }

            Console.ForegroundColor = Colors[(name.Sum(letter => letter) & int.MaxValue) % Colors.Length];
            Console.Out.Write($"{name.PadRight(_width)} {mark} ");
            Console.ResetColor();
            if (isError)
            {
                Console.ForegroundColor = ConsoleColor.Red;
            }

            Console.Out.WriteLine(text);
            Console.ResetColor();
        }
    }
}
