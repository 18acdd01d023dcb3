using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Orchestration;

/// <summary>Asks a running resource's health checks, again and again.</summary>
internal sealed class HealthMonitor(
    HealthCheckService checks,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    IDistributedApplicationEventing eventing,
    IServiceProvider services,
    TimeProvider time)
{
    // Others wait for a resource that is not healthy yet; once it is, only a dashboard looks.
    private static readonly TimeSpan IntervalUntilHealthy = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan IntervalWhenHealthy = TimeSpan.FromSeconds(3);

    /// <summary>The reports before any check has run.</summary>
    public static ImmutableArray<HealthReportSnapshot> Pending(IResource resource) =>
        [.. Keys(resource).Select(key => new HealthReportSnapshot(key, Status: null, Description: null, ExceptionText: null))];

    /// <summary>Runs until the resource has ended.</summary>
    public async Task RunAsync(IResource resource, CancellationToken ended)
    {
        var keys = Keys(resource).ToHashSet();
        var isReady = false;
        while (!ended.IsCancellationRequested)
        {
            var isHealthy = keys.Count == 0 || await CheckAsync(resource, keys, ended).ConfigureAwait(false);
            if (isHealthy && !isReady)
            {
                isReady = await AnnounceAsync(resource, ended).ConfigureAwait(false);
            }

            if (isReady && keys.Count == 0)
            {
                return;
            }

            await Task.Delay(isHealthy && isReady ? IntervalWhenHealthy : IntervalUntilHealthy, time, ended)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static IEnumerable<string> Keys(IResource resource) =>
        resource.Annotations.OfType<HealthCheckAnnotation>().Select(annotation => annotation.Key).Distinct();

    private async Task<bool> CheckAsync(IResource resource, HashSet<string> keys, CancellationToken ended)
    {
        HealthReport report;
        try
        {
            report = await checks.CheckHealthAsync(registration => keys.Contains(registration.Name), ended).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            return false;
        }

        var reports = report.Entries
            .Select(entry => new HealthReportSnapshot(entry.Key, entry.Value.Status, entry.Value.Description, entry.Value.Exception?.ToString()))
            .ToImmutableArray();
        if (!ended.IsCancellationRequested && !reports.SequenceEqual(notifications.CurrentState(resource).Snapshot.HealthReports))
        {
            await notifications.PublishUpdateAsync(resource, before => before with { HealthReports = reports }).ConfigureAwait(false);
        }

        return report.Status == HealthStatus.Healthy && report.Entries.Count == keys.Count;
    }

    private async Task<bool> AnnounceAsync(IResource resource, CancellationToken ended)
    {
        try
        {
            await eventing.PublishAsync(new ResourceReadyEvent(resource, services), ended).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            return false;
        }
#pragma warning disable CA1031 // A listener of the AppHost's may throw anything; the next round asks it again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.ReadyListenerFailed(loggers.GetLogger(resource), exception.Message);
            return false;
        }

        await notifications.PublishUpdateAsync(resource, before => before with { IsReady = !ended.IsCancellationRequested }).ConfigureAwait(false);
        return true;
    }
}
