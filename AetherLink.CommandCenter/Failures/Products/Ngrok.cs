namespace AetherLink.CommandCenter.Failures.Products;

/// <summary>A tunnel to a machine that is switched off for a while: https://ngrok.com/docs/errors/.</summary>
internal static class Ngrok
{
    public static readonly Product Product = new(
    [
        .. Marks.Of(400, 499, FailureCause.EndpointDown, "err_ngrok_3200", "err_ngrok_8012"),
        .. Marks.Of(400, 499, FailureCause.QuotaExhausted, "limit. err_ngrok", "err_ngrok_725", "err_ngrok_727"),
    ]);
}
