using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using AetherLink.ServiceDefaults;

namespace AetherLink.Web.Live;

/// <summary>The Command Center's stream, under the gateway's own identity.</summary>
internal sealed class CommandCenterStream(IHttpClientFactory clients, TimeProvider clock)
{
    public const string Client = "command-center-events";

    /// <summary>Everything after a number; without one, everything from now on.</summary>
    public async IAsyncEnumerable<UpstreamEvents.Item> ReadAsync(
        long? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Also for a browser that comes back: the hub counts the numbers of all tenants, and each message is held against the reader's.
        using var request = new HttpRequestMessage(HttpMethod.Get, "/events/stream").InOwnName();
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (after is { } sequence)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", sequence.ToString(CultureInfo.InvariantCulture));

        using var response = await clients.CreateClient(Client)
            .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode == HttpStatusCode.BadRequest && after is not null)
            throw new UnknownPositionException();
        response.EnsureSuccessStatusCode();

        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var item in UpstreamEvents.ReadAsync(stream, clock, cancellationToken))
            yield return item;
    }

    public static void Add(IServiceCollection services)
    {
        services.AddMeshStreamClient(Client, "command-center", Scopes.EventsRead);
        services.AddSingleton<CommandCenterStream>();
    }
}

/// <summary>The Command Center has not given out the id that it was asked to go on from.</summary>
internal sealed class UnknownPositionException() : Exception("The Command Center does not know the position.");
