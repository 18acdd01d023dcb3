using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Docker.DotNet;

/// <summary>The engine's HTTP API over a unix socket or TCP: requests, their time limits and their errors.</summary>
internal sealed class Engine : IDisposable
{
    private readonly HttpClient _http;

    public Engine(DockerClientConfiguration configuration, Version version)
    {
        var (endpoint, transport) = Transport(configuration);
        var prefix = version is null ? "/" : $"/v{version.ToString(2)}/";
        // A stream has no end in time; every other request has a limit of its own.
        _http = new(configuration.Credentials.GetHandler(transport)) { BaseAddress = new(endpoint, prefix), Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("Docker.DotNet");
        foreach (var (name, value) in configuration.DefaultHttpRequestHeaders) _http.DefaultRequestHeaders.Add(name, value);
    }

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, TimeSpan limit, CancellationToken cancellationToken, bool ofContainer = false)
    {
        using var timed = Limit(limit, cancellationToken);
        using var response = await SendAsync(HttpMethod.Get, path, ofContainer, timed.Token).ConfigureAwait(false);
        var body = await response.Content.ReadAsStreamAsync(timed.Token).ConfigureAwait(false);
        await using (body.ConfigureAwait(false)) return await JsonSerializer.DeserializeAsync(body, type, timed.Token).ConfigureAwait(false);
    }

    public async Task<HttpStatusCode> PostAsync(string path, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timed = Limit(limit, cancellationToken);
        using var response = await SendAsync(HttpMethod.Post, path, ofContainer: true, timed.Token).ConfigureAwait(false);
        return response.StatusCode;
    }

    /// <summary>The answer, with its body still to come; an error has become an exception.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, bool ofContainer, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, new Uri(path, UriKind.Relative));
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode < HttpStatusCode.BadRequest) return response;
        using (response)
        {
            var body = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            throw ofContainer && response.StatusCode == HttpStatusCode.NotFound
                ? new DockerContainerNotFoundException(response.StatusCode, body)
                : new DockerApiException(response.StatusCode, body);
        }
    }

    public void Dispose() => _http.Dispose();

    private static CancellationTokenSource Limit(TimeSpan limit, CancellationToken cancellationToken)
    {
        var timed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timed.CancelAfter(limit);
        return timed;
    }

    private static (Uri Endpoint, HttpMessageHandler Transport) Transport(DockerClientConfiguration configuration)
    {
        var endpoint = configuration.EndpointBaseUri;
        switch (endpoint.Scheme)
        {
            case "unix":
                // Any host name does: the socket is the address.
                return (new("http://docker"), new SocketsHttpHandler
                {
                    UseProxy = false,
                    ConnectCallback = (_, token) => ConnectAsync(new UnixDomainSocketEndPoint(endpoint.LocalPath), token),
                });
            case "tcp" or "http" or "https":
                var tls = endpoint.Scheme == "https" || configuration.Credentials.IsTlsCredentials();
                return (new UriBuilder(endpoint) { Scheme = tls ? "https" : "http" }.Uri, new SocketsHttpHandler());
            case "npipe":
                throw new NotSupportedException("Named pipes are left to the real Docker.DotNet; this stand-in speaks unix sockets and TCP.");
            default:
                throw new ArgumentException($"Unknown URL scheme {endpoint.Scheme}", nameof(configuration));
        }
    }

    private static async ValueTask<Stream> ConnectAsync(EndPoint to, CancellationToken cancellationToken)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(to, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
