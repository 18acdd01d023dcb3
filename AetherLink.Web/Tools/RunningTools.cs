using Microsoft.Extensions.Options;

namespace AetherLink.Web.Tools;

/// <summary>
/// Which of the tools answer. A link that leads nowhere helps nobody: in Development they are containers, for which an engine may be
/// missing. Asked when somebody looks, once for all who look at about the same time.
/// </summary>
internal sealed class RunningTools(IOptions<ToolOptions> options, IHttpClientFactory clients, TimeProvider clock)
{
    public const string Client = "tools";

    /// <summary>What has not begun to answer by then is as good as away.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private Task<IReadOnlyList<Tool>>? _answer;
    private DateTimeOffset _asked;

    public Task<IReadOnlyList<Tool>> AskAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            if (_answer is null || now - _asked >= KeptFor)
                (_answer, _asked) = (LookAsync(), now);
            return _answer.WaitAsync(cancellationToken);
        }
    }

    private async Task<IReadOnlyList<Tool>> LookAsync()
    {
        var tools = await Task.WhenAll(options.Value.Named.Select(async tool => await AnswersAsync(tool.Url) ? tool : null));
        return [.. tools.OfType<Tool>()];
    }

    private async Task<bool> AnswersAsync(string url)
    {
        try
        {
            using var response = await clients.CreateClient(Client).GetAsync(new Uri(url), HttpCompletionOption.ResponseHeadersRead);
            // A page to sign in at, or the way to it, is an answer.
            return (int)response.StatusCode < 500;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
