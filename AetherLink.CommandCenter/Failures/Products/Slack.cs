namespace AetherLink.CommandCenter.Failures.Products;

/// <summary>One word an answer: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors.</summary>
internal static class Slack
{
    public static readonly Product Product = new(
    [
        .. Marks.Of(400, 410, FailureCause.Gone, "channel_not_found", "channel_is_archived", "no_service", "no_team", "team_disabled", "user_not_found"),
        .. Marks.Of(403, 403, FailureCause.Blocked, "action_prohibited", "channel_denied"),
    ]);
}
