using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Holds a resource back until what it waits for is there, and says what that is.</summary>
internal sealed class DependencyWaits(
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    DistributedApplicationOptions options,
    TimeProvider time)
{
    // Often enough to be noticed, seldom enough not to bury the logs.
    private static readonly TimeSpan ReminderInterval = TimeSpan.FromSeconds(10);

    // With somebody at a dashboard who may start what has ended it pays to wait; a test wants to know at once.
    private readonly WaitBehavior _defaultBehavior = options.DisableDashboard
        ? WaitBehavior.StopOnResourceUnavailable
        : WaitBehavior.WaitOnResourceUnavailable;

    public Task WaitAsync(IResource resource, CancellationToken cancellationToken) => Task.WhenAll(
        resource.Annotations.OfType<WaitAnnotation>().Select(wait => WaitAsync(resource, wait, cancellationToken)));

    private async Task WaitAsync(IResource resource, WaitAnnotation wait, CancellationToken cancellationToken)
    {
        var logger = loggers.GetLogger(resource);
        var name = wait.Resource.Name;
        Log.WaitBegins(logger, name, Wanted(wait));
        using var reminders = new CancellationTokenSource();
        var reminding = RemindAsync(logger, wait, reminders.Token);
        try
        {
            await notifications.WaitForResourceAsync(name, update => IsOver(wait, update.Snapshot), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await reminders.CancelAsync().ConfigureAwait(false);
            await reminding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var end = notifications.CurrentState(wait.Resource).Snapshot;
        if (!IsReached(wait, end))
        {
            throw new DistributedApplicationException(
                $"It waits for '{name}' to be {Wanted(wait)}, and '{name}' is {end.State?.Text}{end.ExitCodeText()}.");
        }

        Log.WaitEnds(logger, name, Wanted(wait));
    }

    private bool IsOver(WaitAnnotation wait, CustomResourceSnapshot snapshot) =>
        IsReached(wait, snapshot)
        || (wait.WaitType == WaitType.WaitForCompletion && snapshot.IsTerminal())
        || ((wait.WaitBehavior ?? _defaultBehavior) == WaitBehavior.StopOnResourceUnavailable && snapshot.IsUnavailable());

    private static bool IsReached(WaitAnnotation wait, CustomResourceSnapshot snapshot) => wait.WaitType switch
    {
        WaitType.WaitUntilStarted => snapshot.State?.Text == KnownResourceStates.Running,
        WaitType.WaitForCompletion => snapshot.IsTerminal() && snapshot.ExitCode == wait.ExitCode,
        _ => snapshot is { IsReady: true, HealthStatus: HealthStatus.Healthy },
    };

    private static string Wanted(WaitAnnotation wait) => wait.WaitType switch
    {
        WaitType.WaitUntilStarted => "running",
        WaitType.WaitForCompletion => "completed",
        _ => "healthy",
    };

    private async Task RemindAsync(ILogger logger, WaitAnnotation wait, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(ReminderInterval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            var snapshot = notifications.CurrentState(wait.Resource).Snapshot;
            var reason = snapshot.HealthReports.FirstOrDefault(report => report.Status != HealthStatus.Healthy)?.Description;
            Log.WaitGoesOn(logger, wait.Resource.Name, Wanted(wait), (int)watch.Elapsed.TotalSeconds, snapshot.State?.Text ?? "unknown", reason ?? "no reason given");
        }
    }
}
