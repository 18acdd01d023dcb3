using AetherLink.Tests.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;

namespace AetherLink.Tests.Access;

/// <summary>An issuer that changes its keys, is asked for keys that do not exist, and goes away. Each test has its own.</summary>
public sealed class IssuerTests : IAsyncLifetime
{
    private readonly SetClock _clock = new();
    private TestIssuer _issuer = null!;
    private ToyApp _app = null!;

    public async Task InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync();
        _app = await OidcApp.StartAsync(_issuer.Url, builder => builder.Services.AddSingleton<TimeProvider>(_clock));
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task Changed_key_is_found_by_the_first_token_that_names_it()
    {
        Assert.Equal(200, await AskAsync(_issuer.For("viewer")));
        var old = _issuer.For("viewer");
        _issuer.ChangeKey();
        _clock.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(200, await AskAsync(_issuer.For("viewer")));
        Assert.Equal(401, await AskAsync(old));
        Assert.Equal(2, _issuer.Documents);
    }

    [Fact]
    public async Task Tokens_of_unknown_keys_ask_the_issuer_once_in_half_a_minute()
    {
        Assert.Equal(200, await AskAsync(_issuer.For("viewer")));
        _clock.Advance(TimeSpan.FromSeconds(31));
        var unknown = IssuerKey.Make("unknown");

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => AskAsync(_issuer.Token(key: unknown))));

        Assert.All(answers, status => Assert.Equal(401, status));
        Assert.Equal(2, _issuer.Documents);
    }

    [Fact]
    public async Task Issuer_that_is_away_makes_no_known_person_a_stranger()
    {
        Assert.Equal(200, await AskAsync(_issuer.For("viewer")));
        _issuer.IsAway = true;
        _clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(200, await AskAsync(_issuer.For("viewer")));
        await Eventually.True(() => _app.Logs.Lines.Any(line => line.Id.Id == 1011), TimeSpan.FromSeconds(10), "it is told of");
        Assert.Equal(200, await AskAsync(_issuer.For("viewer")));
        Assert.Empty(_app.Logs.Errors);
        Assert.Single(_app.Logs.Lines, line => line.Id.Id == 1011);
    }

    [Fact]
    public async Task Issuer_that_hangs_keeps_nobody_waiting_whose_key_is_known()
    {
        Assert.Equal(200, await AskAsync(_issuer.For("viewer")));
        _issuer.Hanging = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _clock.Advance(TimeSpan.FromDays(1));

        // Somebody names a key that nobody knows, and the issuer is asked, and says nothing.
        var unknown = AskAsync(_issuer.Token(key: IssuerKey.Make("unknown")));
        await Eventually.True(() => _issuer.Documents == 2, TimeSpan.FromSeconds(10), "the issuer is asked");
        var known = Enumerable.Range(0, 20).Select(_ => AskAsync(_issuer.For("viewer"))).ToList();

        Assert.All(await Task.WhenAll(known).WaitAsync(TimeSpan.FromSeconds(4)), status => Assert.Equal(200, status));
        Assert.False(unknown.IsCompleted);
        _issuer.Hanging.SetResult();
        Assert.Equal(401, await unknown);
        Assert.Equal(2, _issuer.Documents);
    }

    [Fact]
    public async Task Issuer_that_was_never_there_is_waited_for_and_asked_now_and_then()
    {
        _issuer.IsAway = true;
        using (var answer = await _app.SendAsync("/who", ("Authorization", $"Bearer {_issuer.For("viewer")}")))
        {
            await answer.AssertProblemAsync(503);
            Assert.NotNull(answer.Headers.RetryAfter);
        }
        for (var tries = 0; tries < 20; tries++)
        {
            Assert.Equal(503, await AskAsync(_issuer.For("viewer")));
        }
        Assert.Equal(1, _issuer.Documents);

        _issuer.IsAway = false;
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(200, await AskAsync(_issuer.For("viewer")));
        Assert.Empty(_app.Logs.Errors);
    }

    [Fact]
    public void Issuer_without_TLS_stops_the_start_in_production()
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => ToyApp.Build(
            environment: "Production", settings: new() { ["Authentication:Authority"] = "http://issuer.example" }));

        Assert.Contains("Authentication:Authority", refusal.Message, StringComparison.Ordinal);
    }

    private async Task<int> AskAsync(string token)
    {
        using var answer = await _app.SendAsync("/who", ("Authorization", $"Bearer {token}"));
        return (int)answer.StatusCode;
    }
}
