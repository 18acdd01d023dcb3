using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Compat.Tests.JwtBearer;

/// <summary>An OpenID Connect issuer over real HTTP, whose keys change when it is told to.</summary>
internal sealed class Issuer : IAsyncDisposable
{
    private LoopbackServer _server = null!;
    private int _fetches;

    public string Url => _server.Url.ToString().TrimEnd('/');

    public SigningKey Key { get; private set; } = SigningKey.Rsa("first");

    /// <summary>Keys that are published beside the issuer's own.</summary>
    public List<JsonObject> OtherKeys { get; } = [];

    public int Fetches => _fetches;

    public static async Task<Issuer> StartAsync()
    {
        var issuer = new Issuer();
        issuer._server = await LoopbackServer.StartAsync(
            services => services.AddRouting(),
            application =>
            {
                application.MapGet("/.well-known/openid-configuration", issuer.Metadata);
                application.MapGet("/keys", issuer.Keys);
            });
        return issuer;
    }

    public void ChangeKey(SigningKey key) => Key = key;

    /// <summary>A token that is good for the API, but for what <paramref name="change"/> does to it.</summary>
    public string Token(Action<JsonObject>? change = null, SigningKey? key = null)
    {
        var now = DateTimeOffset.UtcNow;
        var claims = new JsonObject
        {
            ["iss"] = Url,
            ["aud"] = "api",
            ["sub"] = "alice",
            ["roles"] = new JsonArray("operator", "agent"),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddMinutes(5).ToUnixTimeSeconds(),
        };
        change?.Invoke(claims);
        return (key ?? Key).Sign(claims);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private IResult Metadata()
    {
        Interlocked.Increment(ref _fetches);
        return Results.Text(new JsonObject { ["issuer"] = Url, ["jwks_uri"] = $"{Url}/keys" }.ToJsonString(), "application/json");
    }

    private IResult Keys()
    {
        var keys = new JsonArray(Key.Published());
        foreach (var other in OtherKeys)
            keys.Add(other.DeepClone());
        return Results.Text(new JsonObject { ["keys"] = keys }.ToJsonString(), "application/json");
    }
}
