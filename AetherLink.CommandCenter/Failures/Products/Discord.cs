namespace AetherLink.CommandCenter.Failures.Products;

/// <summary>What is rated there is the service's own.</summary>
internal static class Discord
{
    public static readonly Product Product = new([.. Marks.Of(503, 503, FailureCause.Overloaded, "Service resource is being rate limited")]);
}
