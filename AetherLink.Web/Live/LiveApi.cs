using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using AetherLink.ServiceDefaults;
using AetherLink.Web.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace AetherLink.Web.Live;

internal static class LiveApi
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>So that a stream without a session (the header of Development) has an end too: the browser comes back by itself.</summary>
    private static readonly TimeSpan LongestStream = TimeSpan.FromMinutes(30);

    /// <summary>Bytes; what a thousand browsers had missed must not lie in memory a thousand times.</summary>
    private const int FlushAbove = 64 * 1024;

    public static void AddLive(this WebApplicationBuilder builder)
    {
        CommandCenterStream.Add(builder.Services);
        builder.Services.AddSingleton<LiveHub>();
        builder.Services.AddSingleton<Backfilling>();
        builder.Services.AddSingleton<OpenStreams>();
        builder.Services.AddHostedService<LiveFeed>();
    }

    public static void MapLive(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/events/stream", StreamAsync)
            .RequireAuthorization(Policies.ReadEvents)
            .WithName("LiveEvents").WithSummary("What is committed, as server-sent events; resumes by Last-Event-ID.").WithTags("Live")
            .Produces<string>(200, "text/event-stream");

    private static async Task<IResult> StreamAsync(
        HttpContext context, Caller caller, LiveHub hub, Backfilling backfilling, OpenStreams streams, SessionWatches sessions,
        TimeProvider clock, ILogger<LiveFeed> logger, [FromHeader(Name = "Last-Event-ID")] string? lastEventId)
    {
        if (!TryParse(lastEventId, out var after))
            return Problems.BadRequest("Last-Event-ID: must be the id of an event on this stream.");

        var (place, refusal) = streams.Take(caller);
        if (refusal is not null)
            return refusal;
        using var taken = place;
        var writer = new SseWriter(context);
        using var limit = new CancellationTokenSource(LongestStream, clock);
        using var session = sessions.Over(context);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(writer.Ended, limit.Token, session?.Ended ?? CancellationToken.None);
        try
        {
            await writer.StartAsync(ended.Token);
            using var reader = await JoinAsync(context, caller, hub, backfilling, after, ended.Token);
            // A reader that does not read holds the write below: only the end of its connection frees it.
            await using var cutOff = reader.Cut.Register(() => CutOff(context, caller, logger));
            try
            {
                await WriteAsync(context, hub, reader, clock, ended.Token);
            }
            finally
            {
                hub.Leave(reader);
            }
        }
        catch (OperationCanceledException)
        {
            // The browser left, the session ended, the host stops, or the time is over: a stream has no other end.
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            Log.BackfillFailed(logger, exception.Message);
        }
        return Results.Empty;
    }

    private static async Task<LiveReader> JoinAsync(
        HttpContext context, Caller caller, LiveHub hub, Backfilling backfilling, long? after, CancellationToken cancellationToken)
    {
        while (true)
        {
            // The ring may move on while the browser still takes what it had missed.
            if (hub.Join(caller.TenantId, after) is { } reader)
                return reader;
            after = await backfilling.WriteAsync(context.Response.BodyWriter, after!.Value, caller.TenantId, cancellationToken);
        }
    }

    internal static async Task WriteAsync(
        HttpContext context, LiveHub hub, LiveReader reader, TimeProvider clock, CancellationToken cancellationToken)
    {
        var body = context.Response.BodyWriter;
        foreach (var message in reader.Missed)
            await WriteAsync(body, message, cancellationToken);
        reader.Missed = [];
        await body.FlushAsync(cancellationToken);

        using var beat = new PeriodicTimer(Heartbeat, clock);
        var nextBeat = beat.WaitForNextTickAsync(cancellationToken).AsTask();
        var more = reader.Queue.WaitToReadAsync(cancellationToken).AsTask();
        while (true)
        {
            if (await Task.WhenAny(more, nextBeat) == nextBeat)
            {
                await nextBeat;
                body.Write(LiveMessage.Heartbeat.Bytes.Span);
                hub.TellPosition(reader);
                nextBeat = beat.WaitForNextTickAsync(cancellationToken).AsTask();
            }
            if (more.IsCompleted)
            {
                if (!await more)
                    return;
                // What is waiting goes out together.
                while (reader.Queue.TryRead(out var message))
                    await WriteAsync(body, message, cancellationToken);
                more = reader.Queue.WaitToReadAsync(cancellationToken).AsTask();
            }
            await body.FlushAsync(cancellationToken);
        }
    }

    private static async ValueTask WriteAsync(PipeWriter body, LiveMessage message, CancellationToken cancellationToken)
    {
        body.Write(message.Bytes.Span);
        if (body.UnflushedBytes > FlushAbove)
            await body.FlushAsync(cancellationToken);
    }

    private static void CutOff(HttpContext context, Caller caller, ILogger logger)
    {
        Log.CutOff(logger, caller.Name, LiveReader.MostWaiting);
        context.Abort();
    }

    /// <summary>Absent is no id; anything but a number that can have been given out is a wrong one.</summary>
    private static bool TryParse(string? text, out long? id)
    {
        id = null;
        if (string.IsNullOrEmpty(text))
            return true;
        var parsed = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        id = number;
        return parsed;
    }
}
