using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Compat.Tests.JwtBearer;

/// <summary>Signs tokens by hand, also such that no library would make.</summary>
internal sealed record SigningKey(string? Id, string Algorithm, Func<byte[], byte[]> Signature, Func<JsonObject> Published)
{
    public static SigningKey Rsa(string id, string algorithm = "RS256")
    {
        var rsa = RSA.Create(2048);
        var parameters = rsa.ExportParameters(includePrivateParameters: false);
        return new(
            id,
            algorithm,
            data => rsa.SignData(
                data,
                HashAlgorithmName.SHA256,
                algorithm == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1),
            () => new JsonObject
            {
                ["kty"] = "RSA",
                ["use"] = "sig",
                ["kid"] = id,
                ["n"] = Base64Url.EncodeToString(parameters.Modulus),
                ["e"] = Base64Url.EncodeToString(parameters.Exponent),
            });
    }

    public static SigningKey EllipticCurve(string id)
    {
        var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = curve.ExportParameters(includePrivateParameters: false).Q;
        return new(id, "ES256", data => curve.SignData(data, HashAlgorithmName.SHA256), () => new JsonObject
        {
            ["kty"] = "EC",
            ["use"] = "sig",
            ["crv"] = "P-256",
            ["kid"] = id,
            ["x"] = Base64Url.EncodeToString(point.X),
            ["y"] = Base64Url.EncodeToString(point.Y),
        });
    }

    public static SigningKey Secret(string? id, byte[] secret) =>
        new(id, "HS256", data => HMACSHA256.HashData(secret, data), () => new JsonObject
        {
            ["kty"] = "oct",
            ["use"] = "sig",
            ["kid"] = id,
            ["k"] = Base64Url.EncodeToString(secret),
        });

    public static SigningKey None(string? id) => new(id, "none", _ => [], () => []);

    public string Sign(JsonObject claims)
    {
        var header = new JsonObject { ["alg"] = Algorithm, ["typ"] = "JWT" };
        if (Id is not null)
            header["kid"] = Id;
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(Signature(Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
