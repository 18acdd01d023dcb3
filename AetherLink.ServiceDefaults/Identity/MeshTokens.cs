using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AetherLink.ServiceDefaults;

/// <summary>Issues the tokens by which services know each other: HS256 over the mesh key, five minutes, one audience.</summary>
public sealed class MeshTokens
{
    /// <summary>HS256 wants a key at least as long as its hash: 256 bits.</summary>
    internal const int KeyBytes = 32;

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    /// <summary>A cached token is replaced while it is still good for this long, longer than any call takes to arrive.</summary>
    private static readonly TimeSpan Spare = TimeSpan.FromMinutes(1);

    /// <summary>What the clocks of a mesh's machines may differ by; the library's own default is five minutes.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, (string Token, DateTimeOffset Until)> _issued = new(StringComparer.Ordinal);
    private readonly SigningCredentials _credentials;
    private readonly string _issuer;
    private readonly TimeProvider _clock;

    /// <summary>Tokens of <paramref name="issuer"/>, a resource name.</summary>
    public MeshTokens(string meshKey, string issuer, TimeProvider clock)
    {
        _credentials = new(Key(meshKey), SecurityAlgorithms.HmacSha256);
        _issuer = issuer;
        _clock = clock;
    }

    /// <summary>A token for <paramref name="audience"/> (a resource name), from the cache while it is fresh.</summary>
    public string Issue(string audience, IEnumerable<string> scopes)
    {
        var scope = string.Join(' ', scopes);
        var now = _clock.GetUtcNow();
        var key = $"{audience} {scope}";
        // One that ends later than a new one would is of a clock that was set back since: it is not valid yet.
        if (_issued.TryGetValue(key, out var known) && known.Until - now is var left && left > Spare && left <= Life)
            return known.Token;

        var until = now + Life;
        var token = Sign(audience, scope, now, until);
        _issued[key] = (token, until);
        return token;
    }

    /// <summary>
    /// A token by which this service acts for a person (RFC 8693): the person's name, roles and tenant, none of the service's
    /// power, and the service as the one that acts.
    /// </summary>
    public string IssueFor(string audience, Caller person)
    {
        ArgumentNullException.ThrowIfNull(person);
        var now = _clock.GetUtcNow();
        var claims = Claims(audience, person.Name, now, now + Life);
        claims[CallerClaims.Role] = person.Roles.Where(role => Roles.OfPeople.Contains(role, StringComparer.Ordinal)).ToArray();
        claims["act"] = new Dictionary<string, string> { ["sub"] = _issuer };
        if (person.TenantId is { } tenant)
            claims[CallerClaims.Tenant] = tenant;
        if (person.Subject is { } subject)
            claims[CallerClaims.Subject] = subject;
        return Sign(claims);
    }

    /// <summary>
    /// What a host outside of the defaults needs in order to accept mesh tokens for <paramref name="audience"/>, also those of
    /// <paramref name="previousKey"/> while the mesh's key is being changed.
    /// </summary>
    public static TokenValidationParameters Validation(string meshKey, string audience, string? previousKey = null)
    {
        SecurityKey[] keys = string.IsNullOrEmpty(previousKey) ? [Key(meshKey)] : [Key(meshKey), Key(previousKey)];
        return new()
        {
            // Whoever holds the mesh key is of the mesh; which member it is stands in the token.
            ValidateIssuer = false,
            ValidAudience = audience,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            ClockSkew = Skew,
            NameClaimType = CallerClaims.Name,
            RoleClaimType = CallerClaims.Role,
            // Not every version of the library can list algorithms: no key for any other than ours.
            IssuerSigningKeyResolver = (token, _, _, _) =>
                TokenHead.Algorithm(token) == SecurityAlgorithms.HmacSha256 ? keys : [],
        };
    }

    private string Sign(string audience, string scope, DateTimeOffset now, DateTimeOffset until)
    {
        var claims = Claims(audience, _issuer, now, until);
        claims[CallerClaims.Role] = new[] { Roles.Service };
        claims[CallerClaims.Scope] = scope;
        return Sign(claims);
    }

    private Dictionary<string, object> Claims(string audience, string name, DateTimeOffset now, DateTimeOffset until) => new(StringComparer.Ordinal)
    {
        ["iss"] = _issuer,
        ["sub"] = name,
        ["name"] = name,
        ["aud"] = audience,
        ["iat"] = now.ToUnixTimeSeconds(),
        ["nbf"] = now.ToUnixTimeSeconds(),
        ["exp"] = until.ToUnixTimeSeconds(),
    };

    private string Sign(Dictionary<string, object> claims) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(JsonSerializer.Serialize(claims), _credentials);

    /// <summary>The key, when it is long enough.</summary>
    internal static string Checked(string meshKey) => Encoding.UTF8.GetByteCount(meshKey) >= KeyBytes
        ? meshKey
        : throw new InvalidOperationException(
            $"MESH_KEY is too short, it needs at least {KeyBytes} bytes: `openssl rand -base64 32` makes one.");

    private static SymmetricSecurityKey Key(string meshKey) => new(Encoding.UTF8.GetBytes(Checked(meshKey)));
}
