using Microsoft.AspNetCore.Http.HttpResults;

namespace AetherLink.Web.Forwarding;

/// <summary>The two problems that only a gateway has.</summary>
internal static class Answers
{
    public static ProblemHttpResult BadGateway(string detail) =>
        TypedResults.Problem(detail, statusCode: StatusCodes.Status502BadGateway, title: "Bad Gateway");

    public static ProblemHttpResult GatewayTimeout(string detail) =>
        TypedResults.Problem(detail, statusCode: StatusCodes.Status504GatewayTimeout, title: "Gateway Timeout");
}
