using System.Buffers;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;

namespace AetherLink.ServiceDefaults;

/// <summary>
/// Logs to standard output as <see cref="JsonLines"/>. It takes the place, and the settings, of the framework's console logger, which
/// wakes a thread and writes for each line, and lets requests wait when nobody reads.
/// </summary>
[ProviderAlias("Console")]
internal sealed class ConsoleLines : ILoggerProvider
{
    private const int UsualBytes = 16 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _line;

    private readonly JsonLines _lines;
    private readonly LineWriter _writer;

    public ConsoleLines(ServiceIdentity identity, TimeProvider clock, IMeterFactory meters)
        : this(identity, clock, meters, Console.OpenStandardOutput())
    {
    }

    internal ConsoleLines(ServiceIdentity identity, TimeProvider clock, IMeterFactory meters, Stream output)
    {
        _lines = new(identity, clock);
        var lost = meters.Create(Telemetry.MeterName)
            .CreateCounter<long>("aetherlink_log_lines_dropped", description: "Lines of the log that nobody read in time.");
        _writer = new(output, Gap, lost.Add);
        AppDomain.CurrentDomain.ProcessExit += Flush;
        AppDomain.CurrentDomain.UnhandledException += Flush;
    }

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= Flush;
        AppDomain.CurrentDomain.UnhandledException -= Flush;
        _writer.Dispose();
    }

    private void Flush(object? sender, EventArgs end) => _writer.Flush();

    private ReadOnlyMemory<byte> Gap(long lines)
    {
        var to = new ArrayBufferWriter<byte>();
        _lines.Write(
            new LogEntry<IReadOnlyList<KeyValuePair<string, object?>>>(
                LogLevel.Warning, typeof(ConsoleLines).FullName!, new(1070, nameof(Gap)), [new("Lines", lines)], null,
                static (state, _) => $"{state[0].Value} lines of the log are missing here: nobody read them in time"),
            to);
        return to.WrittenMemory;
    }

    private void Write<TState>(in LogEntry<TState> entry)
    {
        // Whoever is formatted may log, too: the buffer is not there for that one.
        var line = _line ?? new(UsualBytes);
        _line = null;
        try
        {
            _lines.Write(entry, line);
            _writer.Append(line.WrittenSpan, entry.LogLevel >= LogLevel.Warning);
        }
        finally
        {
            line.ResetWrittenCount();
            if (line.Capacity <= UsualBytes)
                _line = line;
        }
    }

    private sealed class Category(ConsoleLines console, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                console.Write(new LogEntry<TState>(logLevel, name, eventId, state, exception, formatter));
        }
    }
}
