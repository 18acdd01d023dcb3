using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A line of a resource's output.</summary>
/// <param name="LineNumber">Its number, from 1.</param>
/// <param name="Content">The line.</param>
/// <param name="IsErrorMessage">Whether it was written as an error.</param>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);

/// <summary>Keeps every resource's output.</summary>
public class ResourceLoggerService : IDisposable
{
    private readonly ConcurrentDictionary<string, ResourceLog> _logs = new(StringComparer.OrdinalIgnoreCase);

    internal event Action<string, LogLine>? Written;

    /// <summary>A log whose lines are part of a resource's output.</summary>
    /// <param name="resource">The resource.</param>
    public ILogger GetLogger(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return GetLogger(resource.Name);
    }

    /// <summary>A log whose lines are part of a resource's output.</summary>
    /// <param name="resourceName">The resource.</param>
    public ILogger GetLogger(string resourceName) => Find(resourceName);

    /// <summary>What a resource has written, and then what it writes.</summary>
    /// <param name="resource">The resource.</param>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return WatchAsync(resource.Name);
    }

    /// <summary>What a resource has written, and then what it writes.</summary>
    /// <param name="resourceName">The resource.</param>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => Find(resourceName).WatchAsync();

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var log in _logs.Values)
        {
            log.Complete();
        }

        GC.SuppressFinalize(this);
    }

    internal void Write(string resourceName, string line, bool isError) => Find(resourceName).Write(line, isError);

    private ResourceLog Find(string resourceName) => _logs.GetOrAdd(
        resourceName,
        name => new ResourceLog(line => Written?.Invoke(name, line)));

    private sealed class ResourceLog(Action<LogLine> written) : ILogger
    {
        // Enough to see why a resource ended; the console and the log files have the rest.
        private const int BacklogLines = 1000;

        private readonly Lock _lock = new();
        private readonly Queue<LogLine> _backlog = new();
        private readonly List<Channel<LogLine>> _watchers = [];
        private int _lines;

        public void Write(string content, bool isError)
        {
            lock (_lock)
            {
                var line = new LogLine(++_lines, content, isError);
                _backlog.Enqueue(line);
                if (_backlog.Count > BacklogLines)
                {
                    _backlog.Dequeue();
                }

                foreach (var watcher in _watchers)
                {
                    watcher.Writer.TryWrite(line);
                }

                written(line);
            }
        }

        public async IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            var channel = Channel.CreateUnbounded<LogLine>();
            LogLine[] backlog;
            lock (_lock)
            {
                backlog = [.. _backlog];
                _watchers.Add(channel);
            }

            try
            {
                if (backlog.Length > 0)
                {
                    yield return backlog;
                }

                await foreach (var line in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                {
                    yield return [line];
                }
            }
            finally
            {
                lock (_lock)
                {
                    _watchers.Remove(channel);
                }
            }
        }

        public void Complete()
        {
            lock (_lock)
            {
                _watchers.ForEach(watcher => watcher.Writer.TryComplete());
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                var text = formatter(state, exception) + (exception is null ? "" : Environment.NewLine + exception);
                Write(text, logLevel >= LogLevel.Error);
            }
        }
    }
}
