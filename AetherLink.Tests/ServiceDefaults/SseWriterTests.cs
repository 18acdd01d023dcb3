using System.Text;
using AetherLink.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AetherLink.Tests.ServiceDefaults;

public sealed class SseWriterTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(null, null, "{}", "data: {}\n\n")]
    [InlineData("7", "lead.created", "{}", "id: 7\nevent: lead.created\ndata: {}\n\n")]
    [InlineData(null, "t", "a\nb\r\nc\rd", "event: t\ndata: a\ndata: b\ndata: c\ndata: d\n\n")]
    [InlineData("1", null, "", "id: 1\ndata: \n\n")]
    public async Task Event_is_framed(string? id, string? type, string data, string expected)
    {
        var written = await WriteAsync(async sse => await sse.WriteEventAsync(id, type, Encoding.UTF8.GetBytes(data)));
        Assert.Equal(": connected\n\n" + expected, written);
    }

    [Theory]
    [InlineData("1\ndata: forged", null)]
    [InlineData(null, "t\r\n")]
    [InlineData("\0", null)]
    public async Task Field_with_a_line_end_is_refused(string? id, string? type)
    {
        var written = await WriteAsync(async sse =>
            await Assert.ThrowsAsync<ArgumentException>(async () => await sse.WriteEventAsync(id, type, "x"u8.ToArray())));
        Assert.Equal(": connected\n\n", written);
    }

    [Fact]
    public async Task Client_sees_headers_and_a_comment_before_the_first_event()
    {
        await using var app = await StartAsync(async sse => await Task.Delay(Timeout.Infinite, sse.Ended));
        using var answer = await app.Http.GetAsync("/stream", HttpCompletionOption.ResponseHeadersRead).WaitAsync(Soon);

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("no", answer.Headers.GetValues("X-Accel-Buffering").Single());
        Assert.True(answer.Headers.CacheControl?.NoStore);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal(": connected", await reader.ReadLineAsync().WaitAsync(Soon));
    }

    [Fact]
    public async Task Open_stream_ends_with_the_host()
    {
        var app = await StartAsync(async sse => await Task.Delay(Timeout.Infinite, sse.Ended));
        using var answer = await app.Http.GetAsync("/stream", HttpCompletionOption.ResponseHeadersRead);

        await app.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(3));

        Assert.Empty(app.Logs.Errors);
    }

    private static Task<ToyApp> StartAsync(Func<SseWriter, Task> write) => ToyApp.StartAsync(app => app
        .MapGet("/stream", async (HttpContext context) =>
        {
            var sse = new SseWriter(context);
            await sse.StartAsync();
            await write(sse);
        })
        .RequireAuthorization(Policies.Public));

    private static async Task<string> WriteAsync(Func<SseWriter, Task> write)
    {
        await using var app = await StartAsync(write);
        return await app.Http.GetStringAsync("/stream");
    }
}
