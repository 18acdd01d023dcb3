using System.Text;
using AetherLink.CommandCenter.AiUsage;

namespace AetherLink.Tests.CommandCenter;

public sealed class AiCallReaderTests
{
    private const string Good = """
        {"call_id":"c","tenant_id":"t","intent":"i","outcome":"success","provider":"p","attempts":[{"provider":"p","outcome":"success","latency_ms":1}],
         "latency_ms":1,"overhead_ms":1,"usage":{"input_tokens":1,"output_tokens":1,"cost_usd":0.1},"caller":"web","timestamp":"2026-01-31T12:00:00Z"}
        """;

    [Fact]
    public void Record_of_a_call_is_read() => Assert.Equal("c", Read(Good).Call?.CallId);

    [Theory]
    [InlineData("\"call_id\":\"c\"", "\"call_id\":null")]
    [InlineData("\"call_id\":\"c\"", "\"call_id\":\"\"")]
    [InlineData("\"tenant_id\":\"t\"", "\"tenant_id\":null")]
    [InlineData("\"intent\":\"i\"", "\"intent\":null")]
    [InlineData("\"intent\":\"i\"", "\"intent\":\"a\\u0000b\"")]
    [InlineData("\"intent\":\"i\"", "\"intent\":\"\\ud800\"")]
    [InlineData("\"outcome\":\"success\",\"provider\"", "\"outcome\":null,\"provider\"")]
    [InlineData("\"attempts\":[{", "\"attempts\":[null,{")]
    [InlineData("\"usage\":{\"input_tokens\":1,\"output_tokens\":1,\"cost_usd\":0.1}", "\"usage\":null")]
    [InlineData("\"attempts\":[{", "\"attempts\":[{\"usage\":{\"input_tokens\":-1,\"output_tokens\":1,\"cost_usd\":0},")]
    [InlineData("\"latency_ms\":1,\"overhead_ms\":1", "\"latency_ms\":1e999,\"overhead_ms\":1")]
    [InlineData("\"caller\":\"web\"", "\"caller\":\"a\\u0000b\"")]
    [InlineData("\"caller\":\"web\"", "\"caller\":\"\\ud800\"")]
    [InlineData("\"caller\":\"web\"", "\"caller\":{\"name\":\"\\u0000\"}")]
    public void Record_that_could_not_be_stored_is_no_call(string right, string wrong)
    {
        var (call, reason) = Read(Good.Replace(right, wrong, StringComparison.Ordinal));

        Assert.Null(call);
        Assert.NotEmpty(reason!);
    }

    private static (AiCall? Call, string? Reason) Read(string json) => AiCallReader.Read(Encoding.UTF8.GetBytes(json));
}
