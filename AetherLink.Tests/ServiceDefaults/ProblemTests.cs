using System.Net.Http.Json;
using System.Text;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace AetherLink.Tests.ServiceDefaults;

public sealed class ProblemTests : IAsyncLifetime
{
    private ToyApp _app = null!;

    public async Task InitializeAsync() => _app = await ToyApp.StartAsync(app =>
    {
        var api = app.MapGroup("").RequireAuthorization(Policies.Public);
        api.MapPost("/echo", (Note note) => TypedResults.Ok(note));
        api.MapPost("/large", [RequestSizeLimit(4 << 20)] (Note note) => TypedResults.Ok(note.Text.Length));
        api.MapGet("/list", (int limit, DateTimeOffset? since) => TypedResults.Ok(limit));
        api.MapGet("/broken", IResult () => throw new InvalidOperationException("a secret of ours"));
        api.MapGet("/busy", () => Problems.Unavailable("The channel is full.", TimeSpan.FromMilliseconds(1500)));
        api.MapGet("/wrong", () => Problems.Validation([new("name", "is required"), new("limit", "is 1 to 500"), new("limit", "is whole")]));
        api.MapGet("/closed", () => Problems.Forbidden("tenant b is not yours"));
    });

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Nothing_there_is_a_404()
    {
        using var answer = await _app.SendAsync("/nowhere");
        Assert.Contains("/nowhere", (await answer.AssertProblemAsync(404)).Detail(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_method_is_a_405_that_names_the_right_one()
    {
        using var answer = await _app.SendAsync("/echo");
        await answer.AssertProblemAsync(405);
        Assert.Equal(["POST"], answer.Content.Headers.Allow);
    }

    [Fact]
    public async Task Wrong_content_type_is_a_415()
    {
        using var answer = await PostAsync("/echo", "text=1", "application/x-www-form-urlencoded");
        await answer.AssertProblemAsync(415);
        AssertNoErrorLogged();
    }

    [Theory]
    [InlineData("utf-7")]
    [InlineData("bogus")]
    [InlineData("")]
    public async Task Charset_that_nobody_knows_is_a_415(string charset)
    {
        using var body = new ByteArrayContent("""{"text":"a"}"""u8.ToArray());
        body.Headers.TryAddWithoutValidation("Content-Type", $"application/json; charset={charset}");

        using var answer = await _app.SendAsync(HttpMethod.Post, "/echo", body);

        await answer.AssertProblemAsync(415);
        AssertNoErrorLogged();
    }

    [Theory]
    [InlineData("/nowhere")]
    [InlineData("/broken")]
    [InlineData("/list?limit=abc")]
    public async Task Problem_has_the_security_headers_also_where_an_exception_made_it(string path)
    {
        using var answer = await _app.SendAsync(path);

        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
    }

    [Theory]
    [InlineData("/alive")]
    [InlineData("/health")]
    [InlineData("/metrics")]
    public async Task Probe_is_read_and_nothing_else(string path)
    {
        using var head = await _app.SendAsync(HttpMethod.Head, path, null);
        using var answer = await _app.SendAsync(HttpMethod.Post, path, null);

        Assert.Equal(200, (int)head.StatusCode);
        await answer.AssertProblemAsync(405);
    }

    [Fact]
    public async Task Document_that_does_not_exist_is_a_404()
    {
        using var answer = await _app.SendAsync("/openapi/v2.json");
        await answer.AssertProblemAsync(404);
    }

    [Theory]
    [InlineData("""{"text": "a", "count": }""", "$.count")]
    [InlineData("""{"text": "a", "count": "many"}""", "$.count")]
    [InlineData("{\n \"text\": [1]}", "$.text, line 2")]
    [InlineData("oops", "line 1, byte 1")]
    [InlineData("", "The body is missing.")]
    [InlineData("""{"count": 1}""", "lacks 'text'")]
    public async Task Bad_json_is_a_400_that_names_the_place(string body, string place)
    {
        using var answer = await PostAsync("/echo", body, "application/json");

        var problem = await answer.AssertProblemAsync(400);
        Assert.Contains(place, problem.Detail(), StringComparison.Ordinal);
        Assert.DoesNotContain("AetherLink", problem.Detail(), StringComparison.Ordinal);
        AssertNoErrorLogged();
    }

    [Fact]
    public async Task Query_that_cannot_be_read_is_a_400_that_names_the_field()
    {
        using var answer = await _app.SendAsync("/list?limit=abc");

        var problem = await answer.AssertProblemAsync(400);
        Assert.StartsWith("limit: \"abc\"", problem.Detail(), StringComparison.Ordinal);
        Assert.True(problem.GetProperty("errors").TryGetProperty("limit", out _));
        AssertNoErrorLogged();
    }

    [Fact]
    public async Task Query_that_is_missing_is_a_400_that_names_the_field()
    {
        using var answer = await _app.SendAsync("/list");
        Assert.Equal("limit: is required", (await answer.AssertProblemAsync(400)).Detail());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_beyond_a_megabyte_is_a_413(bool chunked)
    {
        var text = new string('a', (1 << 20) + 1);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/echo") { Content = JsonContent.Create(new { text }) };
        request.Headers.TransferEncodingChunked = chunked;

        using var answer = await _app.Http.SendAsync(request);

        await answer.AssertProblemAsync(413);
        AssertNoErrorLogged();
    }

    [Fact]
    public async Task Endpoint_may_take_larger_bodies()
    {
        using var answer = await _app.Http.PostAsJsonAsync("/large", new { text = new string('a', 2 << 20) });
        Assert.Equal(200, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Exception_is_a_500_that_keeps_our_secrets_and_is_logged()
    {
        using var answer = await _app.SendAsync("/broken");

        var problem = await answer.AssertProblemAsync(500);
        Assert.DoesNotContain("secret", problem.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(1001, Assert.Single(_app.Logs.Errors).Id.Id);
    }

    [Fact]
    public async Task Problem_is_json_whatever_the_caller_accepts()
    {
        using var answer = await _app.SendAsync("/nowhere", ("Accept", "text/html"));
        await answer.AssertProblemAsync(404);
    }

    [Fact]
    public async Task Unavailable_says_when_to_come_back()
    {
        using var answer = await _app.SendAsync("/busy");
        await answer.AssertProblemAsync(503);
        Assert.Equal(TimeSpan.FromSeconds(2), answer.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Validation_names_every_field_at_once()
    {
        using var answer = await _app.SendAsync("/wrong");

        var problem = await answer.AssertProblemAsync(400);
        Assert.Equal("name: is required; limit: is 1 to 500; limit: is whole", problem.Detail());
        Assert.Equal(
            """{"name":["is required"],"limit":["is 1 to 500","is whole"]}""", problem.GetProperty("errors").GetRawText());
    }

    [Fact]
    public async Task Forbidden_says_insufficient_permissions()
    {
        using var answer = await _app.SendAsync("/closed");
        Assert.Equal("Insufficient permissions: tenant b is not yours", (await answer.AssertProblemAsync(403)).Detail());
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string body, string contentType)
    {
        using var content = new StringContent(body, Encoding.UTF8, contentType);
        return await _app.Http.PostAsync(path, content);
    }

    private void AssertNoErrorLogged() => Assert.Empty(_app.Logs.Errors);

    internal sealed record Note
    {
        public required string Text { get; init; }

        public int Count { get; init; }
    }
}
