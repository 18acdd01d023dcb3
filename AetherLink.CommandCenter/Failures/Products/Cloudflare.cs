namespace AetherLink.CommandCenter.Failures.Products;

/// <summary>The numbers of its own pages: https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/.</summary>
internal static class Cloudflare
{
    public static readonly Product Product = new(
    [
        .. Marks.Of(400, 599, FailureCause.UnknownName, "error code: 1016"),
        .. Marks.Of(400, 599, FailureCause.EndpointDown, "error code: 1033", "error code: 1101", "error code: 1102"),
        .. Marks.Of(400, 599, FailureCause.RateLimited, "error code: 1015"),
        .. Marks.Of(400, 599, FailureCause.QuotaExhausted, "error code: 1027"),
        .. Marks.Of(400, 499, FailureCause.WrongAddress, "error code: 1000", "error code: 1001", "error code: 1003"),
        .. Marks.Of(400, 499, FailureCause.Blocked, "error code: 10"),
        .. Marks.Of(400, 599, FailureCause.Blocked, "<title>Just a moment", "Attention Required!", "you have been blocked"),
    ],
        answer => answer.Header("cf-mitigated") is null ? null : FailureCause.Blocked);
}
