using System.Net;

namespace Compat.Tests.JwtBearer;

internal static class Refusal
{
    public static void AssertOf(HttpResponseMessage response, string reason)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.StartsWith(
            $"Bearer error=\"invalid_token\", error_description=\"{reason}",
            response.Headers.NonValidated["WWW-Authenticate"].ToString(),
            StringComparison.Ordinal);
    }
}
