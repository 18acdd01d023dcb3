using AetherLink.Orchestrator.Settings;

namespace AetherLink.Tests.Orchestrator;

public sealed class ConfiguredIntentTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const string Schema = """
        {"type":"object","properties":{"subject":{"type":"string","minLength":1},"tone":{"type":"string","enum":["kind","firm"]},"lines":{"type":"array","items":{"type":"string"},"maxItems":3}},"required":["subject","tone","lines"],"additionalProperties":false}
        """;

    private const string Reply = """{"subject":"Re: price","tone":"kind","lines":["Dear Jane"]}""";

    [Fact]
    public async Task New_intent_needs_a_prompt_a_schema_and_no_code()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Of("openai", """{"subject":"Re: price","tone":"kind","lines":["Dear Jane"],"aside":"hm"}"""));
        await using var app = await StartAsync(provider.Url, ("draft.v3.md", "Draft a reply."), ("draft.schema.json", Schema));

        using var response = await app.PostAsync(new { intent = "reply", tenant_id = "acme", payload = new { message = "What is the price?" } });
        using var chosen = await app.PostAsync(new { intent = "route", tenant_id = "acme", payload = new { raw_text = "What is the price?" } });

        var body = await OrchestratorApp.ReadAsync(response);
        Assert.Equal(("primary", Reply), ((string?)body["provider"], body["result"]!.ToJsonString()));
        var asked = provider.Asked.First().Body;
        Assert.Equal(("Draft a reply.", "What is the price?"), ((string?)asked["messages"]![0]!["content"], (string?)asked["messages"]![1]!["content"]));
        Assert.Equal(("draft-reply", true), ((string?)asked["response_format"]!["json_schema"]!["name"], (bool)asked["response_format"]!["json_schema"]!["strict"]!));
        // Bounds are refused where a model is held to a schema strictly; the answer is held to them here.
        Assert.Equal("""{"type":"array","items":{"type":"string"}}""", asked["response_format"]!["json_schema"]!["schema"]!["properties"]!["lines"]!.ToJsonString());
        var prompt = (string)provider.Asked.Last().Body["messages"]![0]!["content"]!;
        Assert.Contains("* draft-reply: an answer to a customer.\n", prompt, StringComparison.Ordinal);
        Assert.Equal(
            """["extract-lead","summarize-activity","draft-reply"]""",
            provider.Asked.Last().Body["response_format"]!["json_schema"]!["schema"]!["properties"]!["intent"]!["enum"]!.ToJsonString());
        // What it was answered is no intent: a fault of that provider.
        Assert.Equal("invalid_answer", (string?)(await OrchestratorApp.ReadAsync(chosen))["attempts"]![0]!["error_class"]);
    }

    [Theory]
    [InlineData("""{"subject":"","tone":"rude","lines":[1,"a","b","c"]}""", "wrong shape: subject has less than 1 characters; tone is none of the allowed ones; lines has more than 3 items; lines[0] is not string")]
    [InlineData("""{"subject":null}""", "wrong shape: tone is missing; lines is missing; subject is not string")]
    public async Task Answer_of_another_shape_is_a_fault_of_its_provider(string answer, string error)
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Of("openai", answer));
        await using var app = await StartAsync(provider.Url, ("draft.v3.md", "Draft a reply."), ("draft.schema.json", Schema));

        using var response = await app.PostAsync(new { intent = "draft-reply", tenant_id = "acme", payload = new { message = "hi" } });

        Assert.Equal($"invalid_answer: {error}", (string?)(await OrchestratorApp.ReadAsync(response))["errors"]![0]!["error"]);
    }

    [Fact]
    public async Task Edited_prompt_is_taken_over_without_an_edit_of_the_file()
    {
        await using var provider = await FakeProvider.StartAsync(Answers.Of("openai", Reply));
        await using var app = await StartAsync(provider.Url, ("draft.v3.md", "Draft a reply."), ("draft.schema.json", Schema));

        await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(app.ProvidersFile)!, "draft.v3.md"), "Draft a short reply.");

        await Eventually.True(async () =>
        {
            (await app.PostAsync(new { intent = "reply", tenant_id = "acme", payload = new { message = "hi" } })).Dispose();
            return (string?)provider.Asked.Last().Body["messages"]![0]!["content"] == "Draft a short reply.";
        }, Patience, "the prompt is in force");
    }

    [Fact]
    public void Newer_prompt_may_replace_one_of_the_contract()
    {
        var chain = ProvidersFile.Read(
            "version: 1\nintents:\n  - {name: extract-lead, prompt: lead.v2.md}\nproviders:\n  - {name: local, type: local, capabilities: [extract]}\n",
            "x.yaml", _ => "Extract it.");

        var intent = chain.Intents.Find("extract")!;
        Assert.Equal(("Extract it.", 2, "extract-lead"), (intent.Prompt, intent.Version, intent.Capability));
    }

    [Fact]
    public void Every_fault_of_an_intent_is_named_with_its_line()
    {
        const string Yaml = """
            version: 1
            intents:
              - name: draft-reply
                description: a reply
                prompt: draft.md
                schema: union.json
              - name: Other
                aliases: [summarize]
                prompt: none.v1.md
                schema: none.json
              - name: extract-lead
                prompt: lead.v2.md
                schema: mine.json
              - name: free
                aliases: [route]
                description: free
                prompt: free.v1.md
                schema: free.json
            providers:
              - {name: local, type: local, capabilities: [free]}
            """;

        var faults = Assert.Throws<SettingsException>(() => ProvidersFile.Read(Yaml, "x.yaml", path => path switch
        {
            "union.json" => """{"type":"object","oneOf":[]}""",
            "free.json" => """{"type":"object"}""",
            "lead.v2.md" or "free.v1.md" => "Do it.",
            _ => null,
        })).Faults;

        Assert.Equal(
            [
                "line 5: intent draft-reply: prompt must be a file with its version in its name, such as intents/name.v1.md, not 'draft.md'",
                "line 6: intent draft-reply: schema 'union.json': $.oneOf is not supported, or not of its type",
                "line 7: intent Other: name must be of a-z, 0-9 and '-', up to 40 characters",
                "line 7: intent Other: description is missing",
                "line 9: intent Other: prompt 'none.v1.md' is no file in the folder of this one, or is empty",
                "line 10: intent Other: schema 'none.json' is no file in the folder of this one",
                "line 13: intent extract-lead: schema is not known here; known: name, prompt",
                "line 14: intent free: the name route is classify-intent's already",
                "line 20: provider local: capability 'free' has no local rules; with rules: extract-lead, summarize-activity, classify-intent",
            ],
            faults.Select(f => f.ToString()));
    }

    private static Task<OrchestratorApp> StartAsync(string url, params (string Name, string Text)[] files) => OrchestratorApp.StartAsync(
        $$"""
        version: 1
        intents:
          - name: draft-reply
            aliases: [reply]
            description: an answer to a customer.
            payload: [message, raw_text]
            prompt: draft.v3.md
            schema: draft.schema.json
        providers:
          - {name: primary, type: openai, model: m, url: "{{url}}/v1", priority: 1, timeout_ms: 5000, capabilities: [draft-reply, route]}
          - {name: local, type: local, capabilities: [route]}
        """,
        catchAudit: true,
        files,
        ("OPENAI_API_KEY", "key-o"));
}
