using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using AetherLink.Orchestrator.Settings;
using AetherLink.ServiceDefaults;

namespace AetherLink.Orchestrator.Providers;

/// <summary>
/// Holds the chain in force. The first one is read when the service starts, and a fault stops the start; afterwards the
/// file is looked at again and again, and an edit that is wrong leaves the last good chain in force.
/// </summary>
internal sealed class ProviderChains
{
    /// <summary>So often in a row it cannot be read before that is told: an editor that replaces the file leaves a moment without one.</summary>
    private const int MostUnread = 3;

    private readonly ChainBuilding _building;
    private readonly IConfiguration _configuration;
    private readonly OpsEventPublisher _events;
    private readonly ILogger<ProviderChains> _logger;
    private readonly string _file;
    private volatile ProviderChain _current;
    private SettingsTexts _seen;
    private int _unread;

    public ProviderChains(
        ChainBuilding building, IConfiguration configuration, IHostEnvironment environment, OpsEventPublisher events, ILogger<ProviderChains> logger)
    {
        (_building, _configuration, _events, _logger) = (building, configuration, events, logger);
        _file = ProvidersFileLocation.Find(configuration, environment.ContentRootPath);
        if (!File.Exists(_file))
        {
            throw new SettingsException(_file,
                [new(null, $"there is no such file; set {ProvidersFileLocation.Setting} to the path of ai-providers.yaml")]);
        }
        _seen = SettingsTexts.Of(_file, configuration);
        _current = building.Build(Parse(_seen), before: null);
        Log.ChainInForce(logger, _file, Describe(_current));
    }

    public ProviderChain Current => _current;

    /// <summary>Takes over the file when its text has changed, or that of a prompt or schema that it names, or an override or key. Compared by text: times are coarse, and a mounted file is swapped whole.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever is wrong with an edit, the chain in force stays.")]
    public void Refresh()
    {
        SettingsTexts texts;
        try
        {
            var haveChanged = _seen.HaveChanged();
            _unread = 0;
            if (!haveChanged) return;
            texts = SettingsTexts.Of(_file, _configuration);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (++_unread == MostUnread) Reject(e.Message, ["the file, or one that it names, cannot be read: the next start would fail"]);
            return;
        }
        _seen = texts;
        try
        {
            _current = _building.Build(Parse(texts), _current);
            Log.ChainReloaded(_logger, _file, Describe(_current));
        }
        catch (Exception e)
        {
            Reject(e.Message, e is SettingsException s ? s.Faults.Select(f => f.ToString()) : [e.Message]);
        }
    }

    private void Reject(string why, IEnumerable<string> faults)
    {
        Log.ChainRejected(_logger, why);
        _events.TryPublish(new OpsEvent
        {
            EventType = EventTypes.AiConfigRejected,
            Severity = Severities.Error,
            Payload = new JsonObject { ["file"] = Path.GetFileName(_file), ["faults"] = new JsonArray([.. faults.Select(f => (JsonNode)f)]) },
        });
    }

    private ChainSettings Parse(SettingsTexts texts)
    {
        var source = Path.GetFileName(_file);
        return Overrides.Apply(ProvidersFile.Read(texts.Main, source, texts.Beside), _configuration, source);
    }

    private static string Describe(ProviderChain chain) =>
        string.Join(", ", chain.Links.Select(l => l.Unconfigured is null ? l.Name : $"{l.Name} (skipped: {l.Unconfigured})"));
}

/// <summary>Looks at the file by polling: a watcher costs one of the 128 inotify instances of the user, and misses mounted files.</summary>
internal sealed class ChainWatching(ProviderChains chains, ILogger<ChainWatching> logger, TimeProvider clock) : BackgroundLoop(logger, clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval, Clock);
        while (await timer.WaitForNextTickAsync(stopping)) chains.Refresh();
    }
}
