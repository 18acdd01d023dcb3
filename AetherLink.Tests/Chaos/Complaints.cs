using System.Collections.Concurrent;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace AetherLink.Tests.Chaos;

/// <summary>
/// The last warnings and errors of the services, and all that the broker and Postgres say, for whoever has to find out why a
/// round went wrong.
/// </summary>
internal sealed class Complaints
{
    private const int Most = 100;

    private static readonly string[] Infrastructure = ["kafka", "postgres"];

    private readonly ConcurrentQueue<string> _lines = new();

    public Complaints(DistributedApplication application, IEnumerable<string> services)
    {
        var loggers = application.Services.GetRequiredService<ResourceLoggerService>();
        // The logs end with the application, and the watches with them.
        _ = Task.WhenAll(services.Concat(Infrastructure).Select(service => WatchAsync(loggers, service)));
    }

    public IReadOnlyList<string> Take()
    {
        string[] lines = [.. _lines];
        _lines.Clear();
        return lines;
    }

    private async Task WatchAsync(ResourceLoggerService loggers, string service)
    {
        await foreach (var lines in loggers.WatchAsync(service))
        {
            foreach (var line in lines.Where(line => Infrastructure.Contains(service) || IsComplaint(line.Content)))
            {
                _lines.Enqueue($"{service}: {line.Content}");
                if (_lines.Count > Most)
                {
                    _lines.TryDequeue(out _);
                }
            }
        }
    }

    private static bool IsComplaint(string line) => new[] { "\"warning\"", "\"error\"", "\"critical\"", "Unhandled exception" }
        .Any(word => line.Contains(word, StringComparison.OrdinalIgnoreCase));
}
