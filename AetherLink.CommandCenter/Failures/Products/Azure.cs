namespace AetherLink.CommandCenter.Failures.Products;

/// <summary>Azure's front doors and its app service.</summary>
internal static class Azure
{
    public static readonly Product Product = new(
    [
        .. Marks.Of(403, 403, new Finding(FailureCause.EndpointDown, Recommendation.Ask), "web app is stopped"),
        .. Marks.Of(503, 503, FailureCause.EndpointDown, "our services aren't available right now"),
    ]);
}
