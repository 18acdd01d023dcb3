namespace AetherLink.CommandCenter.Failures.Products;

/// <summary>Teams, Zapier, Make, n8n, Telegram: what a receiver that somebody clicked together says when it is off.</summary>
internal static class Workflows
{
    public static readonly Product Product = new(
    [
        .. Marks.Of(400, 404, FailureCause.Gone, "connector configuration not found", "please unsubscribe", "no scenario listening", "chat not found"),
    ]);
}
