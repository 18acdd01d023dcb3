using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AetherLink.Tests.Access;

/// <summary>
/// An OIDC issuer over real HTTP that makes any token that is asked of it, also such as no library makes. What was asked of it is
/// counted, and it can be away.
/// </summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _documents;
    private int _elsewhere;

    private TestIssuer(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    public IssuerKey Key { get; private set; } = IssuerKey.Make("first");

    public bool IsAway { get; set; }

    /// <summary>While there is one, every answer waits for it.</summary>
    public TaskCompletionSource? Hanging { get; set; }

    /// <summary>How often its document was fetched.</summary>
    public int Documents => _documents;

    /// <summary>What was asked at addresses that only a token's header named.</summary>
    public int Elsewhere => _elsewhere;

    public static async Task<TestIssuer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        var issuer = new TestIssuer(app);
        app.MapGet("/.well-known/openid-configuration", () => issuer.Answer(new()
        {
            ["issuer"] = issuer.Url,
            ["jwks_uri"] = $"{issuer.Url}/keys",
            ["authorization_endpoint"] = $"{issuer.Url}/authorize",
            ["token_endpoint"] = $"{issuer.Url}/token",
            ["end_session_endpoint"] = $"{issuer.Url}/end",
        }, ref issuer._documents));
        var ignored = 0;
        app.MapGet("/keys", () => issuer.Answer(new() { ["keys"] = new JsonArray(issuer.Key.Published()) }, ref ignored));
        app.MapGet("/evil/{**rest}", () => issuer.Answer(new() { ["keys"] = new JsonArray(IssuerKey.Make("evil").Published()) }, ref issuer._elsewhere));
        await app.StartAsync();
        return issuer;
    }

    public void ChangeKey() => Key = IssuerKey.Make($"key-{Guid.NewGuid():N}");

    /// <summary>A token that is good, but for what is done to it.</summary>
    public string Token(Action<JsonObject>? claims = null, Action<JsonObject>? head = null, IssuerKey? key = null)
    {
        var now = DateTimeOffset.UtcNow;
        var body = new JsonObject
        {
            ["iss"] = Url,
            ["aud"] = "aetherlink",
            ["sub"] = "4711",
            ["preferred_username"] = "ada",
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddMinutes(5).ToUnixTimeSeconds(),
        };
        claims?.Invoke(body);
        return (key ?? Key).Sign(body, head);
    }

    /// <summary>A person of this role: an admin of no tenant, and others of <c>acme</c>, unless another one is named.</summary>
    public string For(string role, string? tenant = null) => Token(claims =>
    {
        claims["roles"] = new JsonArray(role);
        if ((tenant ?? (role == "admin" ? null : "acme")) is { } theirs)
        {
            claims["tenant_id"] = theirs;
        }
    });

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private Task<IResult> Answer(JsonObject document, ref int count)
    {
        Interlocked.Increment(ref count);
        return AnswerAsync(document, Hanging);
    }

    private async Task<IResult> AnswerAsync(JsonObject document, TaskCompletionSource? hanging)
    {
        await (hanging?.Task ?? Task.CompletedTask);
        return IsAway ? Results.StatusCode(503) : Results.Text(document.ToJsonString(), "application/json");
    }
}

/// <summary>A key pair, and what can be done with it.</summary>
internal sealed record IssuerKey(string Id, RSA Rsa)
{
    public static IssuerKey Make(string id) => new(id, RSA.Create(2048));

    public JsonObject Published()
    {
        var key = Rsa.ExportParameters(includePrivateParameters: false);
        return new()
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["kid"] = Id,
            ["n"] = Base64Url.EncodeToString(key.Modulus),
            ["e"] = Base64Url.EncodeToString(key.Exponent),
        };
    }

    public string Sign(JsonObject claims, Action<JsonObject>? change = null)
    {
        var head = new JsonObject { ["alg"] = "RS256", ["typ"] = "JWT", ["kid"] = Id };
        change?.Invoke(head);
        var signed = $"{Encode(head)}.{Encode(claims)}";
        var bytes = Encoding.ASCII.GetBytes(signed);
        byte[] signature = (string?)head["alg"] switch
        {
            "none" => [],
            // With what everybody can read in the issuer's document.
            "HS256" => HMACSHA256.HashData(Encoding.ASCII.GetBytes(Rsa.ExportSubjectPublicKeyInfoPem()), bytes),
            _ => Rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        };
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    public static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
