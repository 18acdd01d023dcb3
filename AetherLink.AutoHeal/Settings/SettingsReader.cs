using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using AetherLink.AutoHeal.Governing;

namespace AetherLink.AutoHeal.Settings;

/// <summary>Reads the settings, and collects everything that is wrong with them before it refuses.</summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private readonly List<string> _faults = [];

    /// <exception cref="InvalidOperationException">A setting is wrong; the message names each one, and the fix.</exception>
    public static HealSettings Read(IConfiguration configuration, IHostEnvironment environment, string self)
    {
        var reader = new SettingsReader(configuration);
        var settings = reader.Read(environment.IsDevelopment(), self);
        return reader._faults.Count == 0
            ? settings
            : throw new InvalidOperationException($"The healer does not start: {string.Join(" ", reader._faults)}");
    }

    private HealSettings Read(bool isDevelopment, string self)
    {
        var ours = isDevelopment ? GovernorLimits.Development : new GovernorLimits();
        var (cooldown, factor) = (Seconds("AUTOHEAL_COOLDOWN_SECONDS", ours.Cooldown), Number("AUTOHEAL_BACKOFF_FACTOR", ours.BackoffFactor));
        var limits = ours with
        {
            FailuresToAct = Whole("AUTOHEAL_FAILURES", ours.FailuresToAct),
            Confirmations = Whole("AUTOHEAL_CONFIRMATIONS", ours.Confirmations),
            RecoveriesToTrust = Whole("AUTOHEAL_RECOVERIES", ours.RecoveriesToTrust),
            FlapShare = Number("AUTOHEAL_FLAP_PERCENT", ours.FlapShare * 100) / 100,
            Observe = Mode() == "observe",
            Observed = [.. Names("AUTOHEAL_OBSERVE", """["web"]""")],
            StartUpGrace = Seconds("AUTOHEAL_GRACE_SECONDS", ours.StartUpGrace),
            Cooldown = cooldown,
            BackoffFactor = factor,
            // A pause that does not grow has no longest one.
            LongestCooldown = Seconds("AUTOHEAL_COOLDOWN_MAX_SECONDS", factor == 1 ? cooldown : ours.LongestCooldown),
            RestartsPerHour = Whole("AUTOHEAL_HOURLY_LIMIT", ours.RestartsPerHour),
            FleetRestartsPerHour = Whole("AUTOHEAL_FLEET_HOURLY_LIMIT", ours.FleetRestartsPerHour),
            BrakeShare = Number("AUTOHEAL_BRAKE_PERCENT", ours.BrakeShare * 100) / 100,
            BrakeAtLeast = Whole("AUTOHEAL_BRAKE_MINIMUM", ours.BrakeAtLeast),
            Dependencies = Json<Dictionary<string, string[]>>("AUTOHEAL_DEPENDENCIES", """{"web":["command-center"]}""", needs => needs.Values.All(AreThere))
                ?.ToImmutableDictionary(pair => pair.Key, pair => pair.Value.ToImmutableArray()) ?? ours.Dependencies,
        };
        if (_faults.Count == 0)
            _faults.AddRange(GovernorArithmetic.Faults(limits));

        if (configuration["COMMAND_CENTER_URL"] is { Length: > 0 } url &&
            !(Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
            _faults.Add($"COMMAND_CENTER_URL={url} is not a http address.");

        var (services, needed) = Services(self, limits);
        return new HealSettings
        {
            Services = services,
            Needed = needed,
            PullsFromRegistry = Flag("AUTOHEAL_PULL_FROM_REGISTRY", otherwise: true),
            EngineTimeout = Seconds("AUTOHEAL_ENGINE_TIMEOUT_SECONDS", TimeSpan.FromSeconds(5), least: 1),
            Interval = Seconds("AUTOHEAL_INTERVAL_SECONDS", TimeSpan.FromSeconds(isDevelopment ? 2 : 30), least: 0.1),
            Limits = limits,
            VerifyWithin = Seconds("AUTOHEAL_VERIFY_SECONDS", TimeSpan.FromSeconds(30), least: 1),
            Retention = TimeSpan.FromDays(Number("AUTOHEAL_RETENTION_DAYS", 90, least: 1)),
        };
    }

    /// <returns>What is enrolled, and what that needs where somebody has said how to ask it.</returns>
    private (ImmutableArray<EnrolledService> Enrolled, ImmutableArray<EnrolledService> Needed) Services(string self, GovernorLimits limits)
    {
        var names = Names("AUTOHEAL_SERVICES", """["orchestrator"]""");
        var probes = Json<Dictionary<string, string>>("AUTOHEAL_HEALTH_ENDPOINTS", """{"web":"http://web/health.json"}""", at => AreThere(at.Values)) ?? [];
        if (names.Contains(self, StringComparer.Ordinal))
            _faults.Add($"AUTOHEAL_SERVICES names {self}: a healer does not restart itself; leave it out.");
        var needed = probes.Keys.Except(names, StringComparer.Ordinal).Intersect(limits.Dependencies.Values.SelectMany(needs => needs), StringComparer.Ordinal).ToArray();
        foreach (var stranger in probes.Keys.Except(names, StringComparer.Ordinal).Except(needed, StringComparer.Ordinal))
            _faults.Add($"AUTOHEAL_HEALTH_ENDPOINTS names {stranger}, which AUTOHEAL_SERVICES does not enrol, and nothing of AUTOHEAL_DEPENDENCIES needs; add it there, or leave it out.");
        return (Probed(names, probes), Probed(needed, probes));
    }

    private ImmutableArray<EnrolledService> Probed(IEnumerable<string> names, Dictionary<string, string> probes)
    {
        var services = ImmutableArray.CreateBuilder<EnrolledService>();
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            var given = probes.GetValueOrDefault(name, $"http://{name}/alive");
            if (Uri.TryCreate(given, UriKind.Absolute, out var probe) && probe.Scheme is "http" or "https" or EnrolledService.ConnectionString)
                services.Add(new EnrolledService(name, probe));
            else
                _faults.Add($"AUTOHEAL_HEALTH_ENDPOINTS: '{given}' of {name} is neither a http address nor {EnrolledService.ConnectionString}:NAME.");
        }

        return services.ToImmutable();
    }

    private string Mode()
    {
        var mode = configuration["AUTOHEAL_MODE"] is { Length: > 0 } text ? text : "heal";
        if (mode is not ("heal" or "observe"))
            _faults.Add($"AUTOHEAL_MODE={mode} is neither heal nor observe.");
        return mode;
    }

    private bool Flag(string name, bool otherwise)
    {
        if (configuration[name] is not { Length: > 0 } text)
            return otherwise;
        if (bool.TryParse(text, out var flag))
            return flag;
        _faults.Add($"{name}={text} is neither true nor false.");
        return otherwise;
    }

    private TimeSpan Seconds(string name, TimeSpan otherwise, double least = 0) =>
        TimeSpan.FromSeconds(Number(name, otherwise.TotalSeconds, least));

    private double Number(string name, double otherwise, double least = 0) => Number(name, otherwise, least, "a number", _ => true);

    /// <summary>2.9 restarts are neither two nor three: whoever wrote that meant something else.</summary>
    private int Whole(string name, int otherwise) => (int)Number(name, otherwise, least: 0, "a whole number", double.IsInteger);

    private double Number(string name, double otherwise, double least, string form, Predicate<double> hasForm)
    {
        if (configuration[name] is not { Length: > 0 } text)
            return otherwise;
        // A hundred thousand of anything here is a slip of the finger, and would overflow a time.
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= 100_000 && hasForm(number))
            return number;
        _faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name}={text} is not {form} from {least} to 100000."));
        return otherwise;
    }

    private string[] Names(string name, string example) => Json<string[]>(name, example, AreThere) ?? [];

    /// <param name="name">The setting.</param>
    /// <param name="example">Of the form that it has to have.</param>
    /// <param name="hasNoNull">The serializer lets null pass within what says that it has none.</param>
    private T? Json<T>(string name, string example, Predicate<T> hasNoNull)
        where T : class
    {
        if (configuration[name] is not { Length: > 0 } text)
            return null;
        try
        {
            if (JsonSerializer.Deserialize<T>(text) is { } value && hasNoNull(value))
                return value;
        }
        catch (JsonException)
        {
            // It is JSON of another form, or none.
        }

        _faults.Add($"{name} is not JSON of the form {example}.");
        return null;
    }

    private static bool AreThere(IEnumerable<string?>? names) => names?.All(name => name is not null) is true;
}
