using System.Text.RegularExpressions;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AetherLink.Tests.ServiceDefaults;

public sealed partial class DocumentTests : IAsyncLifetime
{
    private ToyApp _app = null!;

    public async Task InitializeAsync() => _app = await ToyApp.StartAsync(
        app => app.MapPost("/things/{id}", (string id, Thing thing, Caller caller) => TypedResults.Ok(thing))
            .WithName("MakeThing").WithSummary("Makes a thing.").RequireAuthorization(Policies.RunAi),
        options: options => options.Name = "the-toy");

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Document_states_who_may_call()
    {
        var document = await _app.GetAsync("/openapi/v1.json");
        var operation = document.GetProperty("paths").GetProperty("/things/{id}").GetProperty("post");

        Assert.Equal("run-ai", operation.GetProperty("x-policy").GetString());
        Assert.Equal("""["agent","operator","admin"]""", Compact(operation.GetProperty("x-roles").GetRawText()));
        Assert.Equal("ai.run", operation.GetProperty("x-scope").GetString());
        Assert.True(operation.GetProperty("responses").TryGetProperty("403", out _));
        Assert.Equal("the-toy", document.GetProperty("info").GetProperty("title").GetString());
        Assert.False(document.TryGetProperty("servers", out var servers) && servers.GetArrayLength() > 0);
    }

    [Fact]
    public async Task Document_names_every_refusal_that_follows_from_the_endpoint()
    {
        var operation = (await _app.GetAsync("/openapi/v1.json")).GetProperty("paths").GetProperty("/things/{id}").GetProperty("post");
        var responses = operation.GetProperty("responses");

        Assert.Equal(
            ["200", "400", "401", "403", "404", "413", "415", "429"], responses.EnumerateObject().Select(response => response.Name));
        Assert.All(responses.EnumerateObject().Where(response => response.Name != "200"), response => Assert.Equal(
            "#/components/schemas/ProblemDetails",
            response.Value.GetProperty("content").GetProperty("application/problem+json").GetProperty("schema").GetProperty("$ref").GetString()));
        Assert.True(responses.GetProperty("429").GetProperty("headers").TryGetProperty("Retry-After", out _));
    }

    [Fact]
    public async Task Document_is_typed_as_the_wire_is()
    {
        var schemas = (await _app.GetAsync("/openapi/v1.json")).GetProperty("components").GetProperty("schemas");

        Assert.Equal(
            """{"made_at":{"type":"string","format":"date-time"},"ended_at":{"type":["null","string"],"format":"date-time"},"how_many":{"type":"integer","format":"int32"}}""",
            Compact(schemas.GetProperty("Thing").GetProperty("properties").GetRawText()));
        Assert.True(schemas.GetProperty("ProblemDetails").GetProperty("properties").TryGetProperty("trace_id", out _));
    }

    [Fact]
    public async Task Handlers_caller_is_not_a_parameter_of_the_request()
    {
        var operation = (await _app.GetAsync("/openapi/v1.json")).GetProperty("paths").GetProperty("/things/{id}").GetProperty("post");
        Assert.Equal(["id"], operation.GetProperty("parameters").EnumerateArray().Select(one => one.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Page_needs_nothing_from_elsewhere_and_runs_only_its_own_script()
    {
        using var answer = await _app.SendAsync("/docs");
        var page = await answer.Content.ReadAsStringAsync();

        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        var nonce = Nonce().Match(policy).Groups[1].Value;
        Assert.Contains($"<script nonce=\"{nonce}\">", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
    }

    private static string Compact(string json) => Blank().Replace(json, "");

    [GeneratedRegex("\\s")]
    private static partial Regex Blank();

    [GeneratedRegex("script-src 'nonce-([^']+)'")]
    private static partial Regex Nonce();

    internal sealed record Thing(DateTimeOffset MadeAt, DateTimeOffset? EndedAt, int HowMany);
}
