using AetherLink.CommandCenter.Failures.Answers;

namespace AetherLink.CommandCenter.Failures.Products;

/// <summary>How one product writes, where what all write alike does not do. Looked for in what came, as it came.</summary>
/// <param name="Marks">Its words, the narrowest first.</param>
/// <param name="Headers">Its headers.</param>
internal sealed record Product(Mark[] Marks, Func<Answer, Finding?>? Headers = null);

internal static class Known
{
    public static readonly ProductList Products = new(
    [
        Amazon.Product, Azure.Product, Cloudflare.Product, Discord.Product, Google.Product, LocalModels.Product, Ngrok.Product, Proxies.Product, Slack.Product, Hosting.Product, Workflows.Product,
    ]);
}

internal sealed class ProductList(IReadOnlyList<Product> products)
{
    public Finding? Read(Answer answer)
    {
        foreach (var product in products)
        {
            if ((product.Headers?.Invoke(answer) ?? Marks.First(product.Marks, answer.Status, answer.Raw)) is { } finding)
            {
                return finding;
            }
        }
        return null;
    }
}
