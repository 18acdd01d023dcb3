using System.Globalization;
using AetherLink.CommandCenter.Insights.Anomalies.Feeding;
using AetherLink.ServiceDefaults;
using Npgsql;

namespace AetherLink.Tests.CommandCenter.Insights.Causes;

/// <summary>
/// What a mesh leaves in Postgres of half an hour and a bit, as it writes it: the series' buckets of its services, tenants, providers and
/// endpoints with their noise, and the events. A fault is put on top of it.
/// </summary>
internal sealed class RecordedMesh(int seed, DateTimeOffset end)
{
    public const string Endpoint = "0198c0de-0000-7000-8000-000000000001";

    public static readonly string[] Services = ["auto-heal", "command-center", "orchestrator", "web"];

    public static readonly string[] Tenants = ["north", "south", "west"];

    public static readonly string[] Providers = ["claude", "ollama"];

    /// <summary>Half an hour, and the window.</summary>
    private const int Buckets = 180 + 36;

    private readonly Dictionary<(string Tenant, string Name, SeriesKind Kind), double[]> _series = [];
    private readonly List<(string Type, DateTimeOffset At, DateTimeOffset Received, string Payload)> _events = [];
    private readonly HashSet<int> _missing = [];
    private (string Node, DateTimeOffset Since, DateTimeOffset Until)? _part;
#pragma warning disable CA5394 // Nothing here is a secret.
    private readonly Random _random = new(seed);

    public DateTimeOffset End { get; } = end;

    public DateTimeOffset From => End.AddMinutes(-6);

    /// <summary>Some two minutes before the end: the fault begins in this bucket.</summary>
    public int Onset { get; } = Buckets - 12;

    public DateTimeOffset At(int bucket) => Bucket.Start(Bucket.Of(End) - Buckets + bucket);

    public double Between(double low, double high) => low + (_random.NextDouble() * (high - low));

    public T One<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];

    /// <summary>An ordinary half hour.</summary>
    public RecordedMesh Ordinary()
    {
        foreach (var service in Services)
        {
            // Now and then one is late, since the machine was busy.
            Fill("default", $"services/{service}/latency", SeriesKind.Milliseconds, () => _random.Next(60) == 0 ? Between(80, 400) : Between(2, 15));
        }
        foreach (var tenant in Tenants)
        {
            var level = Between(20, 120);
            Fill(tenant, "events/lead.created/info", SeriesKind.Count, () => Math.Round(level * Between(0.6, 1.4)));
            foreach (var provider in Providers)
            {
                var ms = Between(300, 1_200);
                Fill(tenant, $"ai/{provider}/latency", SeriesKind.Milliseconds, () => _random.Next(8) == 0 ? double.NaN : ms * Between(0.7, 1.5));
                Fill(tenant, $"ai/{provider}/failures", SeriesKind.Count, () => _random.Next(60) == 0 ? 1 : 0);
            }
            Fill(tenant, "ai/local/latency", SeriesKind.Milliseconds, () => Between(0.3, 2));
        }
        Fill("north", $"deliveries/{Endpoint}/latency", SeriesKind.Milliseconds, () => Between(40, 120));
        Fill("north", $"deliveries/{Endpoint}/failures", SeriesKind.Count, () => _random.Next(60) == 0 ? 1 : 0);
        // What is no fault: an upgrade, a restart by hand, a late answer, somebody's alert.
        var quiet = _random.Next(20, Buckets - 30);
        switch (_random.Next(4))
        {
            case 0: Event(EventTypes.ServiceVersionChanged, At(quiet), """{"name":"web","from":"1.0","to":"1.1"}"""); break;
            case 1: Event(EventTypes.AutohealAttempted, At(quiet), """{"service":"web","action":"restart","reason":"by hand","requested_by":"ann"}"""); break;
            case 2: Failed("web", "No answer within 2 s.", At(quiet), TimeSpan.FromSeconds(3)); break;
            default: Event(EventTypes.OpsAlertRaised, At(quiet), """{"rule_name":"many leads","group":null}"""); break;
        }
        return this;
    }

    /// <summary>Another value in each bucket of a series' fault.</summary>
    public void Change(string tenant, string name, SeriesKind kind, Func<double, double> of, int from, int count)
    {
        if (!_series.ContainsKey((tenant, name, kind)))
        {
            Fill(tenant, name, kind, () => kind is SeriesKind.Count ? 0 : double.NaN);
        }
        var values = _series[(tenant, name, kind)];
        for (var bucket = from; bucket < Math.Min(Buckets, from + count); bucket++)
        {
            values[bucket] = of(values[bucket]);
        }
    }

    public void Failed(string service, string error, DateTimeOffset at, TimeSpan lasts, TimeSpan storedLate = default)
    {
        Event(EventTypes.ServiceHealthFailed, at, $$"""{"name":"{{service}}","url":"http://{{service}}","status":"down","error":"{{error}}"}""", storedLate);
        Event(EventTypes.ServiceHealthRecovered, at + lasts, $$"""{"name":"{{service}}","url":"http://{{service}}","status":"up","error":null}""");
    }

    public void Healed(string service, string reason, DateTimeOffset at)
    {
        Event(EventTypes.AutohealAttempted, at, $$"""{"service":"{{service}}","action":"start","reason":"{{reason}}"}""");
        Event(EventTypes.AutohealSucceeded, at.AddSeconds(4), $$"""{"service":"{{service}}","action":"start","msg":"It is healthy again."}""");
    }

    public void Event(string type, DateTimeOffset at, string payload, TimeSpan storedLate = default) => _events.Add((type, at, at + storedLate, payload));

    /// <summary>Nobody was there to close these.</summary>
    public void Miss(int from, int count) => _missing.UnionWith(Enumerable.Range(from, count));

    public void PartAway(string node, DateTimeOffset since, DateTimeOffset until) => _part = (node, since, until);

    private void Fill(string tenant, string name, SeriesKind kind, Func<double> value) =>
        _series[(tenant, name, kind)] = [.. Enumerable.Range(0, Buckets).Select(_ => value())];
#pragma warning restore CA5394

    /// <summary>In place of whatever was there.</summary>
    public async Task WriteAsync(NpgsqlDataSource source)
    {
        await using var connection = await source.OpenConnectionAsync();
        await ExecuteAsync(connection, """
            truncate command_center.events, command_center.feed_minutes, command_center.series, command_center.series_points, command_center.part_faults
            """);
        var ids = _series.Keys.Select((key, index) => (key, Id: index + 1)).ToList();
        foreach (var ((tenant, name, kind), id) in ids)
        {
            await ExecuteAsync(connection, "insert into command_center.series (id, tenant_id, name, kind, as_of, last_seen) values ($1, $2, $3, $4, now(), now())",
                id, tenant, name, (short)kind);
        }
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            if (!_missing.Contains(bucket))
            {
                // As SeriesBook has it: a count of none is not written, and a latency that was not measured neither.
                var points = ids.Select(one => (one.Id, Value: _series[one.key][bucket])).Where(one => one.Value is not 0 && !double.IsNaN(one.Value)).ToList();
                await ExecuteAsync(connection, "insert into command_center.series_points values ($1, $2)", At(bucket).UtcDateTime, PointsFormat.Write(points));
            }
        }
        var sequence = 0L;
        foreach (var (type, at, received, payload) in _events.OrderBy(one => one.Received))
        {
            await ExecuteAsync(connection,
                """
                insert into command_center.events (seq, event_id, tenant_id, event_type, source, severity, occurred_at, received_at, publisher, origin, payload)
                values ($1, $2, 'default', $3, 'command-center', 2, $4, $5, 'command-center', 0, $6::jsonb)
                """, ++sequence, sequence.ToString(CultureInfo.InvariantCulture), type, at.UtcDateTime, received.UtcDateTime, payload);
            await ExecuteAsync(connection, "insert into command_center.feed_minutes values (date_trunc('minute', $1, 'UTC'), $2) on conflict do nothing",
                received.UtcDateTime, sequence);
        }
        if (_part is var (node, since, until))
        {
            await ExecuteAsync(connection, "insert into command_center.part_faults values ($1, 'one', 0, $2, $3, 'It did not answer within 2 s.')",
                node, since.UtcDateTime, until.UtcDateTime);
        }
    }

    public static async Task ExecuteAsync(NpgsqlConnection connection, string sql, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }
        await command.ExecuteNonQueryAsync();
    }
}
