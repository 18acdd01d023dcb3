using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace AetherLink.Tests.Identity;

/// <summary>The provider itself: what the tests of the services and of the gateway take for granted.</summary>
public sealed class OidcProviderTests(OidcProvider provider) : IClassFixture<OidcProvider>, IAsyncLifetime
{
    public Task InitializeAsync() => provider.ResetAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("viewer@acme", "roles", "acme")]
    [InlineData("agent@globex", "realm_access", "globex")]
    [InlineData("admin@everywhere", "resource_access", null)]
    public async Task Person_gets_a_token_for_the_services_by_the_code_flow(string name, string rolesIn, string? tenant)
    {
        var payload = Payload((await provider.SignInAsync(name)).AccessToken);

        Assert.Equal(provider.Issuer, payload.GetProperty("iss").GetString());
        Assert.Equal("aetherlink", payload.GetProperty("aud").GetString());
        Assert.Equal(name, payload.GetProperty("sub").GetString());
        Assert.True(payload.TryGetProperty(rolesIn, out _), $"{payload}");
        Assert.Equal(tenant, payload.TryGetProperty("tenant_id", out var found) ? found.GetString() : null);
    }

    [Fact]
    public async Task Tokens_live_as_long_as_is_asked_for_and_are_for_whom_is_asked_for()
    {
        await provider.SetAsync(new { access_token_seconds = 7, audience = "somebody-else" });

        var payload = Payload((await provider.SignInAsync("operator@acme")).AccessToken);

        Assert.Equal(7, payload.GetProperty("exp").GetInt64() - payload.GetProperty("iat").GetInt64());
        Assert.Equal("somebody-else", payload.GetProperty("aud").GetString());
    }

    [Fact]
    public async Task Keys_change_when_they_are_told_to()
    {
        var before = await KeysAsync();
        await provider.RotateKeysAsync();
        var both = await KeysAsync();
        await provider.RotateKeysAsync(keepOld: false);
        var after = await KeysAsync();

        Assert.Equal(before, both[1..]);
        Assert.DoesNotContain(Assert.Single(after), both);
        Assert.Equal(after[0], Header((await provider.SignInAsync("operator@acme")).AccessToken).GetProperty("kid").GetString());
    }

    [Fact]
    public async Task Issuer_goes_away_and_comes_back()
    {
        using var http = new HttpClient();
        await provider.GoAwayAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync(provider.Issuer + "/jwks"));
        await provider.ComeBackAsync();
        Assert.NotEmpty(await KeysAsync());
    }

    [Fact]
    public async Task Process_ends_with_whoever_started_it()
    {
        using var host = Process.Start(new ProcessStartInfo("bash",
            ["-c", "exec 3> >(exec node provider.mjs >/dev/null); echo $!; read"])
        {
            WorkingDirectory = Path.Combine(Repository.Root, "AetherLink.Tests", "Identity", "Provider"),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        using var child = Process.GetProcessById(int.Parse((await host.StandardOutput.ReadLineAsync())!, null));
        host.Kill();

        await child.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(15));
    }

    private async Task<string[]> KeysAsync()
    {
        using var http = new HttpClient();
        var keys = await http.GetFromJsonAsync<JsonElement>(provider.Issuer + "/jwks");
        return [.. keys.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()!)];
    }

    private static JsonElement Header(string token) => Part(token, 0);

    private static JsonElement Payload(string token) => Part(token, 1);

    private static JsonElement Part(string token, int index)
    {
        var part = token.Split('.')[index].Replace('-', '+').Replace('_', '/');
        var padded = part.PadRight((part.Length + 3) / 4 * 4, '=');
        return JsonSerializer.Deserialize<JsonElement>(Encoding.UTF8.GetString(Convert.FromBase64String(padded)));
    }
}
