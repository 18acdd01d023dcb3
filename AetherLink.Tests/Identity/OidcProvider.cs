using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace AetherLink.Tests.Identity;

/// <summary>
/// A real OpenID provider, the npm package <c>oidc-provider</c>, in a process of its own on free ports. Its people are
/// <c>ROLE@PLACE</c>: the four roles at <c>acme</c>, <c>globex</c> (tenants) and <c>everywhere</c> (no tenant); then
/// <c>nobody@acme</c> without a role, and <c>stranger@acme</c> with one of another client. Use it as a class fixture; its
/// standard input is its life line, so that a killed test host leaves nothing behind.
/// </summary>
public sealed class OidcProvider : IAsyncLifetime, IDisposable
{
    public const string ClientId = "aetherlink";
    public const string ClientSecret = "a secret of the web, for tests alone";

    private const string Ready = "ready ";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    private readonly List<string> _said = [];
    private Process? _process;
    private HttpClient? _control;

    /// <summary>The issuer: <c>http://localhost:PORT</c>.</summary>
    public string Issuer { get; private set; } = "";

    public async Task InitializeAsync()
    {
        var folder = Path.Combine(Repository.Root, "AetherLink.Tests", "Identity", "Provider");
        _process = Process.Start(new ProcessStartInfo("node", ["provider.mjs"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var addresses = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.StartsWith(Ready, StringComparison.Ordinal) == true)
                addresses.TrySetResult(JsonSerializer.Deserialize<JsonElement>(line.Data[Ready.Length..]));
            else if (line.Data is null)
                addresses.TrySetException(new InvalidOperationException($"The provider ended: {Said()}"));
        };
        _process.ErrorDataReceived += (_, line) => Remember(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        var ready = await addresses.Task.WaitAsync(StartTimeout);
        Issuer = ready.GetProperty("issuer").GetString()!;
        _control = new() { BaseAddress = new(ready.GetProperty("control").GetString()!) };
    }

    public async Task DisposeAsync()
    {
        if (_process is null)
            return;
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }
    }

    public void Dispose()
    {
        _control?.Dispose();
        _process?.Dispose();
    }

    /// <summary>Settings, counts, people and clients as they were at the start; keys and sessions stay.</summary>
    public Task ResetAsync() => TellAsync("reset", new { });

    /// <summary>
    /// <c>access_token_seconds</c>, <c>id_token_seconds</c>, <c>refresh_token_seconds</c>, <c>rotate_refresh_tokens</c>,
    /// <c>audience</c>, <c>nonce</c>, <c>token_delay_ms</c>, <c>token_status</c>: those that are named are changed.
    /// </summary>
    public Task SetAsync(object settings) => TellAsync("settings", settings);

    /// <summary>From now on a new key signs; the old one goes on being published, or not.</summary>
    public Task RotateKeysAsync(bool keepOld = true) => TellAsync("rotate", new { keep_old = keepOld });

    /// <summary>Nobody listens at the issuer's port any more.</summary>
    public Task GoAwayAsync() => TellAsync("away", new { away = true });

    /// <summary>The issuer is at its port again, with all that it knew.</summary>
    public Task ComeBackAsync() => TellAsync("away", new { away = false });

    /// <summary>Other claims for a person, over those that there are: <c>new { roles = new[] { "viewer" } }</c>.</summary>
    public Task ChangePersonAsync(string name, object claims) => TellAsync("people", new { name, claims });

    /// <summary>The issuer does not know the person any more.</summary>
    public Task RemovePersonAsync(string name) => TellAsync("people", new { name, claims = (object?)null });

    /// <summary>A client, or a change of one, by its metadata (RFC 7591); redirect addresses are added to those there are.</summary>
    public Task SetClientAsync(object metadata) => TellAsync("clients", metadata);

    /// <summary>
    /// A token of any claims, whatever they are worth, signed by the issuer's present key; or, under the same key id, by one
    /// that it has never published.
    /// </summary>
    public async Task<string> SignAsync(object payload, object? header = null, bool strangeKey = false)
    {
        var answer = await TellAsync("sign", new { header, payload, strange = strangeKey });
        return answer.GetProperty("token").GetString()!;
    }

    /// <summary>How many token requests of a grant type succeeded (<c>refused TYPE</c>: did not), or <c>end_session</c>.</summary>
    public async Task<int> CountAsync(string what)
    {
        var counts = await _control!.GetFromJsonAsync<JsonElement>("counts");
        return counts.TryGetProperty(what, out var count) ? count.GetInt32() : 0;
    }

    /// <summary>Whole tokens of a person for the services, by the authorization code flow with PKCE.</summary>
    public Task<OidcTokens> SignInAsync(string name) => OidcCodeFlow.RunAsync(this, name);

    private async Task<JsonElement> TellAsync(string what, object body)
    {
        using var answer = await _control!.PostAsJsonAsync(what, body);
        Assert.True(answer.IsSuccessStatusCode, $"{what}: {await answer.Content.ReadAsStringAsync()}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private void Remember(string? line)
    {
        lock (_said)
            if (line is not null)
                _said.Add(line);
    }

    private string Said()
    {
        lock (_said)
            return string.Join('\n', _said);
    }
}

/// <summary>What the token endpoint gave.</summary>
public sealed record OidcTokens(string AccessToken, string IdToken, string? RefreshToken);
