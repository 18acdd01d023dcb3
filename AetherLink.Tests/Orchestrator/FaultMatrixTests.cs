using System.Net;
using Microsoft.AspNetCore.Http;

namespace AetherLink.Tests.Orchestrator;

/// <summary>Each provider's wire format, each way to fail: the answer comes from the next in the chain, and the fault has its class.</summary>
public sealed class FaultMatrixTests
{
    private static readonly string[] Types = ["claude", "openai", "ollama", "http"];

    private static readonly Dictionary<string, (Func<string, RequestDelegate> Answer, string ErrorClass)> Faults = new(StringComparer.Ordinal)
    {
        ["401"] = (_ => Answers.Status(401), "credentials"),
        ["402"] = (_ => Answers.Status(402), "credentials"),
        ["403"] = (_ => Answers.Status(403), "credentials"),
        ["404"] = (_ => Answers.Status(404), "invalid_answer"),
        ["408"] = (_ => Answers.Status(408), "timeout"),
        ["429"] = (_ => Answers.Status(429), "rate_limit"),
        ["429 with Retry-After"] = (_ => Answers.Status(429, "20"), "rate_limit"),
        ["500"] = (_ => Answers.Status(500), "overload"),
        ["503"] = (_ => Answers.Status(503), "overload"),
        ["529"] = (_ => Answers.Status(529), "overload"),
        ["stall before headers"] = (_ => Answers.Stall, "timeout"),
        ["stall in the body"] = (_ => Answers.StallInTheBody, "timeout"),
        ["cut connection"] = (_ => Answers.Cut, "network"),
        ["bad JSON"] = (_ => Answers.Text("<html>oops"), "invalid_answer"),
        ["another JSON"] = (_ => Answers.Text("""{"hello":"world"}"""), "invalid_answer"),
        ["empty"] = (_ => Answers.Text(""), "invalid_answer"),
        ["prose for JSON"] = (type => Answers.Of(type, "Sure! The lead is Ada."), "invalid_answer"),
        ["wrong shape"] = (type => Answers.Of(type, """{"name":5,"email":"no address","company":null,"phone":null}"""), "invalid_answer"),
    };

    public static TheoryData<string, string> Cells
    {
        get
        {
            var cells = new TheoryData<string, string>();
            foreach (var type in Types)
            {
                foreach (var fault in Faults.Keys) cells.Add(type, fault);
            }
            return cells;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Fault_of_a_provider_is_classed_and_the_next_one_answers(string type, string fault)
    {
        var (answer, errorClass) = Faults[fault];
        await using var provider = await FakeProvider.StartAsync(answer(type));
        await using var app = await OrchestratorApp.StartWithAsync(type, provider.Url);

        using var response = await app.ExtractAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var body = await OrchestratorApp.ReadAsync(response);
        Assert.Equal("local", (string?)body["used_provider"]);
        Assert.Equal(
            [("primary", "failed", errorClass), ("local", "success", null)],
            body["attempts"]!.AsArray().Select(a => ((string?)a!["provider"], (string?)a["outcome"], (string?)a["error_class"])));
        // Asked once: nothing below the chain repeats it.
        Assert.Single(provider.Asked);
        await app.WaitForAuditAsync(1);
        Assert.Single(app.Audit);
    }

    [Theory]
    [InlineData("claude")]
    [InlineData("openai")]
    public async Task Refusal_is_its_own_class_and_leaves_the_circuit_closed(string type)
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Refusal(type));
        await using var app = await OrchestratorApp.StartWithAsync(type, provider.Url);

        for (var call = 0; call < 5; call++)
        {
            using var response = await app.ExtractAsync();
            Assert.Equal("refusal", (string?)(await OrchestratorApp.ReadAsync(response))["attempts"]![0]!["error_class"]);
        }

        Assert.Equal(5, provider.Asked.Count);
    }

    [Theory]
    [InlineData("claude")]
    [InlineData("openai")]
    [InlineData("ollama")]
    [InlineData("http")]
    public async Task Refused_connection_is_a_network_fault(string type)
    {
        // Port 1 of this machine: nobody listens there.
        await using var app = await OrchestratorApp.StartWithAsync(type, "http://127.0.0.1:1");

        using var response = await app.ExtractAsync();

        var attempt = (await OrchestratorApp.ReadAsync(response))["attempts"]![0]!;
        Assert.Equal(("failed", "network"), ((string?)attempt["outcome"], (string?)attempt["error_class"]));
    }
}
