using System.Collections.Concurrent;
using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace AetherLink.Tests.Mesh;

/// <summary>Everything that the resources of a mesh have written, from the first line on.</summary>
public sealed class MeshLogs
{
    private readonly ConcurrentQueue<(string Resource, string Line)> _lines = new();

    /// <summary>Call it before the mesh starts: the application keeps only the last lines itself.</summary>
    internal static MeshLogs Of(DistributedApplication application)
    {
        var logs = new MeshLogs();
        var service = application.Services.GetRequiredService<ResourceLoggerService>();
        foreach (var resource in application.Services.GetRequiredService<DistributedApplicationModel>().Resources.Where(one => one is not ParameterResource))
        {
            _ = logs.CollectAsync(resource.Name, service);
        }
        return logs;
    }

    public int Count => _lines.Count;

    public bool Has(string text) => _lines.Any(line => line.Line.Contains(text, StringComparison.Ordinal));

    /// <summary>Whether one line of a resource has all of these.</summary>
    public bool Has(string resource, params string[] texts) => _lines.Any(line =>
        line.Resource == resource && texts.All(text => line.Line.Contains(text, StringComparison.Ordinal)));

    /// <summary>The last lines of a resource.</summary>
    public IEnumerable<string> LastOf(string resource, int count) => _lines.Where(line => line.Resource == resource).TakeLast(count).Select(line => line.Line);

    /// <summary>The lines that show what nobody may read, without showing it again.</summary>
    public IReadOnlyList<string> Showing(IEnumerable<KeyValuePair<string, string>> secrets) =>
    [
        .. from line in _lines
           from secret in secrets
           where line.Line.Contains(secret.Value, StringComparison.Ordinal)
           select $"{line.Resource} shows {secret.Key}: {line.Line.Replace(secret.Value, "***", StringComparison.Ordinal)}",
    ];

    /// <summary>The secrets that the AppHost makes or is given.</summary>
    internal static async Task<Dictionary<string, string>> SecretsAsync(DistributedApplication application)
    {
        var model = application.Services.GetRequiredService<DistributedApplicationModel>();
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var parameter in model.Resources.OfType<ParameterResource>().Where(parameter => parameter.Secret))
        {
            if (await parameter.GetValueAsync(CancellationToken.None) is { Length: > 0 } value)
            {
                secrets[parameter.Name] = value;
            }
        }
        foreach (var postgres in model.Resources.OfType<PostgresServerResource>())
        {
            secrets[$"{postgres.Name}-password"] = (await postgres.PasswordParameter.GetValueAsync(CancellationToken.None))!;
        }
        if (secrets.TryGetValue("grafana-admin-password", out var password))
        {
            secrets["grafana-admin-password, encoded"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{password}"));
        }
        return secrets;
    }

    private async Task CollectAsync(string resource, ResourceLoggerService service)
    {
        await foreach (var lines in service.WatchAsync(resource))
        {
            foreach (var line in lines)
            {
                _lines.Enqueue((resource, line.Content));
            }
        }
    }
}
