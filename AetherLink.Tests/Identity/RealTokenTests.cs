using System.Text.Json.Nodes;
using AetherLink.Tests.Access;
using AetherLink.Tests.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;

namespace AetherLink.Tests.Identity;

/// <summary>A service that takes the tokens of a real provider, as people's own programs bring them.</summary>
public sealed class RealTokenTests(OidcProvider provider) : IClassFixture<OidcProvider>, IAsyncLifetime
{
    private readonly SetClock _clock = new();
    private ToyApp _app = null!;

    public async Task InitializeAsync()
    {
        await provider.ResetAsync();
        _app = await OidcApp.StartAsync(provider.Issuer, builder => builder.Services.AddSingleton<TimeProvider>(_clock));
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Access_token_is_taken_and_what_else_the_provider_gives_is_not()
    {
        var tokens = await provider.SignInAsync("operator@acme");

        using var access = await AskAsync(tokens.AccessToken);
        using var id = await AskAsync(tokens.IdToken);
        using var ofNoTenant = await AskAsync((await provider.SignInAsync("operator@everywhere")).AccessToken);
        using var ofAll = await AskAsync((await provider.SignInAsync("admin@everywhere")).AccessToken);

        var caller = JsonNode.Parse(await access.Content.ReadAsStringAsync())!;
        Assert.Equal(
            ("operator@acme", "operator@acme", "operator", "acme"),
            ((string?)caller["name"], (string?)caller["subject"], (string?)caller["roles"]![0], (string?)caller["tenant_id"]));
        Assert.Equal((401, 403, 200), ((int)id.StatusCode, (int)ofNoTenant.StatusCode, (int)ofAll.StatusCode));
    }

    [Fact]
    public async Task Key_that_the_provider_changed_is_found_and_its_old_one_is_no_good()
    {
        var before = (await provider.SignInAsync("viewer@globex")).AccessToken;
        using var first = await AskAsync(before);
        await provider.RotateKeysAsync(keepOld: false);
        _clock.Advance(TimeSpan.FromSeconds(31));

        using var after = await AskAsync((await provider.SignInAsync("viewer@globex")).AccessToken);
        using var old = await AskAsync(before);

        Assert.Equal((200, 200, 401), ((int)first.StatusCode, (int)after.StatusCode, (int)old.StatusCode));
    }

    private Task<HttpResponseMessage> AskAsync(string token) => _app.SendAsync("/who", ("Authorization", $"Bearer {token}"));
}
