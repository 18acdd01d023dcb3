namespace AetherLink.CommandCenter.Failures.Products;

/// <summary>Vercel and Render: what they do to those who do not pay, and what is no more.</summary>
internal static class Hosting
{
    public static readonly Product Product = new(
    [
        .. Marks.Of(404, 404, FailureCause.Gone, "DEPLOYMENT_NOT_FOUND"),
    ],
        answer => answer.Header("x-render-routing")?.StartsWith("suspend", StringComparison.Ordinal) is true ? FailureCause.QuotaExhausted : null);
}
