using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AetherLink.Orchestrator.Providers;
using Microsoft.AspNetCore.Http;

namespace AetherLink.Tests.Orchestrator;

/// <summary>What a provider says may be long, and may repeat what it was asked.</summary>
public sealed class DiscreetErrorsTests
{
    private const string Asked = "I'm Jane Doe, and this is between us";

    [Theory]
    [InlineData("in an answer", "invalid_answer: the answer has no message.content")]
    [InlineData("in a refusal", "overload: HTTP 500")]
    public async Task Error_that_repeats_the_text_is_told_to_its_caller_alone_and_only_its_beginning(string where, string gist)
    {
        var error = Asked + "\0" + new string('x', 1_500_000);
        await using var provider = await FakeProvider.StartAsync(context =>
        {
            context.Response.StatusCode = where == "in a refusal" ? 500 : 200;
            return context.Response.WriteAsJsonAsync(new JsonObject { ["error"] = error });
        });
        await using var app = await OrchestratorApp.StartWithAsync("ollama", provider.Url);

        JsonNode? answer = null;
        for (var call = 0; call < 3; call++)
        {
            using var response = await app.ExtractAsync(Asked);
            Assert.Equal(200, (int)response.StatusCode);
            answer = await OrchestratorApp.ReadAsync(response);
        }
        await app.WaitForAuditAsync(3);
        await Eventually.True(() => app.Events.Count == 4, TimeSpan.FromSeconds(10), "an event for each call, and one for the circuit");
        var health = (await app.Client.GetFromJsonAsync<JsonNode>("/providers/health"))!["primary"]!;

        var told = (string)answer!["attempts"]![0]!["error"]!;
        Assert.Contains(" Jane Doe, and this is between us", told, StringComparison.Ordinal);
        Assert.InRange(told.Length, 200, 301);
        Assert.Equal(gist, (string?)health["last_error"]);
        Assert.All(app.Audit.Concat(app.Events), one => Assert.DoesNotContain("Jane", one.ToJsonString(), StringComparison.Ordinal));
        Assert.All(app.Audit, record => Assert.Equal(gist, $"{record["attempts"]![0]!["error_class"]}: {record["attempts"]![0]!["error"]}"));
    }

    [Fact]
    public async Task Model_that_calls_itself_by_a_book_leaves_room_for_its_record()
    {
        var answer = Wire.Whole("ollama", Answers.Lead);
        answer["model"] = new string('m', 1_200_000);
        await using var provider = await FakeProvider.StartAsync(Answers.Text(answer.ToJsonString()));
        await using var app = await OrchestratorApp.StartWithAsync("ollama", provider.Url);

        for (var call = 0; call < 2; call++)
        {
            using var response = await app.ExtractAsync();
            Assert.Equal(200, (int)response.StatusCode);
        }

        await app.WaitForAuditAsync(2);
        Assert.All(app.Audit, record => Assert.Equal(201, ((string)record["model"]!).Length));
    }

    [Fact]
    public async Task Error_is_audited_as_it_was_said_where_texts_are_and_told_without_the_providers_words()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Status(500));
        await using var app = await OrchestratorApp.StartWithAsync("http", provider.Url, ("AUDIT_PROMPTS", "true"));

        (await app.ExtractAsync()).Dispose();
        await app.WaitForAuditAsync(1);
        await Eventually.True(() => app.Events.Count == 1, TimeSpan.FromSeconds(10), "its event");

        Assert.Equal(["HTTP 500", null], app.Events.Single()["payload"]!["attempts"]!.AsArray().Select(attempt => (string?)attempt!["error"]));
        Assert.Equal("""HTTP 500: {"error":{"type":"some_error","message":"because"}}""", (string?)app.Audit.Single()["attempts"]![0]!["error"]);
    }

    /// <summary>A bill and a limit have one number, and so have a policy and a length.</summary>
    [Theory]
    [InlineData(429, """{"error":{"code":"insufficient_quota","message":"Jane, you exceeded your plan."}}""", null, "HTTP 429, insufficient quota, exceeded")]
    [InlineData(429, """{"error":{"message":"Rate limit reached for Jane: 3 requests per minute"}}""", 19.2, "HTTP 429, per minute, rate limit, retry after 20 s")]
    [InlineData(400, """{"error":{"innererror":{"code":"ResponsibleAIPolicyViolation"},"message":"the prompt of Jane"}}""", null, "HTTP 400, responsible ai, violation, policy")]
    [InlineData(400, """{"error":{"message":"quotation, Jane; ratelimits"}}""", null, "HTTP 400")]
    public void Error_is_told_by_its_number_and_words_of_a_list(int status, string said, double? retryAfter, string gist)
    {
        var fault = FaultHandler.Fault((HttpStatusCode)status, said, retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null);

        Assert.Equal(gist, fault.Gist);
        Assert.StartsWith($"HTTP {status}: ", fault.Message, StringComparison.Ordinal);
    }
}
