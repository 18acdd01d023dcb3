using System.Net;

namespace Docker.DotNet;

/// <summary>The engine answered with an error.</summary>
public class DockerApiException : Exception
{
    /// <summary>An error as the engine gave it.</summary>
    public DockerApiException(HttpStatusCode statusCode, string responseBody)
        : base($"Docker API responded with status code={statusCode}, response={responseBody}") =>
        (StatusCode, ResponseBody) = (statusCode, responseBody);

    /// <summary>The status of the answer.</summary>
    public HttpStatusCode StatusCode { get; private set; }

    /// <summary>Its body: JSON with a <c>message</c>, as a rule.</summary>
    public string ResponseBody { get; private set; }
}
