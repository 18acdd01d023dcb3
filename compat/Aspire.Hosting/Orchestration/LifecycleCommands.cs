using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

internal static class LifecycleCommands
{
    /// <summary>Start, stop and restart. What has ended takes start; what runs takes the others.</summary>
    internal static void AddLifecycleCommands(
        this ResourceAnnotationCollection annotations,
        ResourceRunner runner,
        ResourceNotificationService notifications,
        CancellationToken stopping)
    {
        annotations.Add(new ResourceCommandAnnotation(
            KnownResourceCommands.StartCommand,
            "Start",
            context => ResultAsync(StartAsync(context.CancellationToken)),
            context => When(!Lives(context.ResourceSnapshot))));
        annotations.Add(new ResourceCommandAnnotation(
            KnownResourceCommands.StopCommand,
            "Stop",
            async _ =>
            {
                await runner.StopAsync(Shutdown.Grace).ConfigureAwait(false);
                return CommandResults.Success();
            },
            context => When(Lives(context.ResourceSnapshot))));
        annotations.Add(new ResourceCommandAnnotation(
            KnownResourceCommands.RestartCommand,
            "Restart",
            async context =>
            {
                await runner.StopAsync(Shutdown.Grace).ConfigureAwait(false);
                return await ResultAsync(StartAsync(context.CancellationToken)).ConfigureAwait(false);
            },
            context => When(context.ResourceSnapshot.State?.Text == KnownResourceStates.Running)));

        // Done once it runs, or has failed; one that waits for others has been started as far as anybody can.
        async Task StartAsync(CancellationToken cancellationToken)
        {
            var start = Task.Run(() => runner.StartAsync(stopping), CancellationToken.None);
            using var watch = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var waits = notifications.WaitForResourceAsync(runner.Resource.Name, KnownResourceStates.Waiting, watch.Token);
            await Task.WhenAny(start, waits).WaitAsync(cancellationToken).ConfigureAwait(false);
            await watch.CancelAsync().ConfigureAwait(false);
            await waits.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task<ExecuteCommandResult> ResultAsync(Task start)
        {
            await start.ConfigureAwait(false);
            var snapshot = notifications.CurrentState(runner.Resource).Snapshot;
            return snapshot.IsUnavailable() && snapshot.State?.Text != KnownResourceStates.Finished
                ? CommandResults.Failure($"Resource '{runner.Resource.Name}' is {snapshot.State?.Text}{snapshot.ExitCodeText()}.")
                : CommandResults.Success();
        }
    }

    private static bool Lives(CustomResourceSnapshot snapshot) => snapshot.State?.Text is { } state
        && (state == KnownResourceStates.Running || state == KnownResourceStates.Starting
            || state == KnownResourceStates.Waiting || state == KnownResourceStates.Stopping);

    private static ResourceCommandState When(bool enabled) => enabled ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;
}
