using System.Collections.Concurrent;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace AetherLink.Tests.Fuzzing;

/// <summary>The lines that the services log as errors from now on, and what no service should write.</summary>
internal sealed class ErrorLog : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentDictionary<string, long> _lines = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly List<Task> _reading = [];

    /// <param name="application">The mesh.</param>
    /// <param name="services">Whose log is read.</param>
    /// <param name="since">What was logged before is of other tests.</param>
    public ErrorLog(IServiceProvider application, IEnumerable<string> services, DateTimeOffset since)
    {
        var logs = application.GetRequiredService<ResourceLoggerService>();
        foreach (var service in services)
        {
            _reading.Add(ReadAsync(service, logs, since));
        }
    }

    /// <summary>Each kind of error once, with how often it came.</summary>
    public IReadOnlyList<string> Errors =>
        [.. _errors.GroupBy(error => error.Split('\n')[0], (kind, errors) => $"{kind}\n    {errors.Count()} times, such as: {errors.First()}")];

    /// <summary>How many lines of a service were read: that there were any shows that the log is seen at all.</summary>
    public long Lines(string service) => _lines.GetValueOrDefault(service);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_reading);
        _ending.Dispose();
    }

    private async Task ReadAsync(string service, ResourceLoggerService logs, DateTimeOffset since)
    {
        try
        {
            await foreach (var portion in logs.WatchAsync(service).WithCancellation(_ending.Token))
            {
                foreach (var line in portion)
                {
                    Read(service, line.Content, since);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private void Read(string service, string line, DateTimeOffset since)
    {
        var start = line.IndexOf('{', StringComparison.Ordinal);
        if (start < 0 || !TryParse(line[start..], out var entry))
        {
            // Not of the logger: what a runtime writes when it dies, for instance.
            if (line.Contains("Unhandled exception", StringComparison.Ordinal))
            {
                _errors.Enqueue($"{service}: {line}");
            }

            return;
        }

        using (entry)
        {
            var root = entry.RootElement;
            if (!root.TryGetProperty("timestamp", out var at) || !at.TryGetDateTimeOffset(out var time) || time < since)
            {
                return;
            }

            _lines.AddOrUpdate(service, 1, (_, count) => count + 1);
            if (root.TryGetProperty("level", out var level) && level.GetString() is "error" or "critical")
            {
                var exception = root.TryGetProperty("exception", out var thrown) ? thrown.GetString()!.Split('\n')[0] : "";
                _errors.Enqueue($"{service}: {root.GetProperty("category")} {root.GetProperty("event_id")} {exception}\n{line}");
            }
        }
    }

    private static bool TryParse(string text, out JsonDocument entry)
    {
        try
        {
            entry = JsonDocument.Parse(text);
            return entry.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            entry = null!;
            return false;
        }
    }
}
