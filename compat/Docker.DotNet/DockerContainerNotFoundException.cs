using System.Net;

namespace Docker.DotNet;

/// <summary>The engine knows no container of that id or name.</summary>
public class DockerContainerNotFoundException : DockerApiException
{
    /// <summary>An error as the engine gave it.</summary>
    public DockerContainerNotFoundException(HttpStatusCode statusCode, string responseBody) : base(statusCode, responseBody)
    {
    }
}
