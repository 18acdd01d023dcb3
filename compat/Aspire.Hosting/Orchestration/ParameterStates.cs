using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

internal static class ParameterStates
{
    internal static Task PublishAsync(ParameterResource parameter, ResourceNotificationService notifications, ResourceLoggerService loggers)
    {
        try
        {
            var value = parameter.ResolvedValue;
            return notifications.PublishUpdateAsync(parameter, before => before with
            {
                State = new(KnownResourceStates.Running, KnownResourceStateStyles.Success),
                Properties = [new("Value", value) { IsSensitive = parameter.Secret }],
                IsReady = true,
            });
        }
        catch (DistributedApplicationException exception)
        {
            Log.FailedToStart(loggers.GetLogger(parameter), exception.Message);
            return notifications.PublishUpdateAsync(parameter, before => before with
            {
                State = new(KnownResourceStates.ValueMissing, KnownResourceStateStyles.Error),
            });
        }
    }
}
