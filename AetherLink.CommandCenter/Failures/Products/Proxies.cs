namespace AetherLink.CommandCenter.Failures.Products;

/// <summary>Envoy, Fastly and what says of itself no more than a header.</summary>
internal static class Proxies
{
    public static readonly Product Product = new(
    [
        .. Marks.Of(500, 599, FailureCause.Overloaded, "reset reason: overflow"),
        .. Marks.Of(500, 599, FailureCause.WrongAddress, "unknown domain"),
        .. Marks.Of(400, 499, FailureCause.Blocked, "_Incapsula_Resource"),
    ],
        answer => answer.Status >= 500 && answer.Header("x-envoy-overloaded") is not null ? FailureCause.Overloaded : null);
}
