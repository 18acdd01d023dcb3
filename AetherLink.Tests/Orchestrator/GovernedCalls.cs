namespace AetherLink.Tests.Orchestrator;

/// <summary>A chain of one paid provider, whose answers take 11 and 7 tokens: 92,000 billionths of a dollar.</summary>
internal static class GovernedCalls
{
    public const double CostUsd = 0.000092;

    public static string Yaml(string url, string governance, bool withLocal = false) => $$"""
        version: 1
        providers:
          - name: paid
            type: http
            url: "{{url}}"
            priority: 1
            capabilities: [extract]
            limits: {max_output_tokens: 100}
            price: {input_usd_per_million_tokens: 2, output_usd_per_million_tokens: 10}
        {{(withLocal ? "  - {name: local, type: local, capabilities: [extract]}" : "")}}
        {{governance}}
        """;
}
