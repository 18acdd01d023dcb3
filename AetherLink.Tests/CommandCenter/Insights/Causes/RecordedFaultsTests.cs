using System.Diagnostics;
using System.Globalization;
using AetherLink.CommandCenter.Insights.Causes;
using AetherLink.CommandCenter.Insights.Causes.Judging;
using AetherLink.ServiceDefaults;
using AetherLink.Tests.Postgres;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Xunit.Abstractions;

namespace AetherLink.Tests.CommandCenter.Insights.Causes;

/// <summary>The ranking over what a mesh leaves in a real Postgres, where the truth is known. The same in a running mesh: CauseRunsTests.</summary>
public sealed class RecordedFaultsTests(PostgresDatabase database, ITestOutputHelper output) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    /// <summary>As the AppHost's references are.</summary>
    private const string Dependencies =
        """
        {"auto-heal":["command-center","kafka","orchestrator","postgres","web"],"command-center":["auto-heal","kafka","orchestrator","postgres","web"],
         "orchestrator":["kafka","postgres"],"web":["auto-heal","command-center","orchestrator"]}
        """;

    private NpgsqlDataSource _source = null!;
    private CauseFinder _finder = null!;

    public async Task InitializeAsync()
    {
        _source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var isThere = _source.CreateCommand("select to_regclass('command_center.part_faults') is not null");
        if (await isThere.ExecuteScalarAsync() is false)
        {
            // For its tables; what it would write and prune is not wanted.
            await using var tables = await RunningCommandCenter.StartAsync(database.ConnectionString);
        }
        var mesh = new MeshModel(
            new ConfigurationBuilder().AddInMemoryCollection([new(MeshModel.Variable, Dependencies)]).Build(),
            new ServiceIdentity("command-center", "aether-command-center", "1.0", "one"));
        _finder = new(new(_source, new(_source, mesh), mesh), mesh);
    }

    public async Task DisposeAsync() => await _source.DisposeAsync();

    [Fact]
    public async Task Cause_is_named_first_in_nine_of_ten_among_the_first_three_always_and_none_where_there_is_none()
    {
        var perKind = Soak.Rounds(sample: 1, soak: 25);
        var (first, all, late, loud) = (0, 0, new List<string>(), new List<string>());
        foreach (var fault in RecordedFault.All)
        {
            var (hits, among) = (0, 0);
            for (var seed = 1; seed <= perKind; seed++)
            {
                var (node, causes) = await RunAsync(fault, seed);
                var rank = causes.ToList().FindIndex(cause => cause.Node == node) + 1;
                hits += rank == 1 ? 1 : 0;
                among += rank is >= 1 and <= 3 ? 1 : 0;
                if (rank is < 1 or > 3)
                {
                    late.Add($"{fault}, seed {seed}: {node} is not among {string.Join(", ", causes.Select(cause => cause.Node))}");
                }
                AssertTrue(causes);
            }
            (first, all) = (first + hits, all + perKind);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{fault,-22} {hits} first, {among} among three, of {perKind}"));
        }
        var quiet = Soak.Rounds(sample: 2, soak: 100);
        for (var seed = 1; seed <= quiet; seed++)
        {
            var (_, causes) = await RunAsync(RecordedFault.None, seed);
            if (causes.Count > 0)
            {
                loud.Add($"seed {seed}: {causes[0].Node}, {causes[0].Evidence[0].Text}");
            }
        }
        output.WriteLine($"{RecordedFault.None,-22} {quiet - loud.Count} silent of {quiet}");

        Assert.Empty(late);
        Assert.Empty(loud);
        Assert.True(first >= 0.9 * all, $"{first} of {all} were named first.");
    }

    [SoakFact("a million events take half a minute to write")]
    public async Task Answer_takes_less_than_a_second_with_a_million_events_and_every_series_there_may_be()
    {
        await new RecordedMesh(1, DateTimeOffset.UtcNow).Ordinary().WriteAsync(_source);
        await using (var connection = await _source.OpenConnectionAsync())
        {
            foreach (var sql in (string[])
            [
                """
                insert into command_center.events (seq, event_id, tenant_id, event_type, source, severity, occurred_at, received_at, publisher, origin, payload)
                select n, n::text, 't' || n % 100, (array['lead.created', 'ai.provider.used', 'service.health.failed', 'lead.assigned'])[1 + n % 4], 'tests', 0,
                    now() - make_interval(secs => (1000000 - n) * 0.012), now() - make_interval(secs => (1000000 - n) * 0.012), 'command-center', 0, '{"name":"web","error":"It answered 503."}'
                from generate_series(1000, 1000000) n
                """,
                """
                insert into command_center.feed_minutes select date_trunc('minute', received_at, 'UTC'), min(seq) from command_center.events group by 1
                on conflict (minute) do nothing
                """,
                "insert into command_center.series select n, 't' || n % 100, 'events/type' || n || '/info', 0, null, now(), now() from generate_series(1000, 5900) n",
                // As many points as there may be in each bucket of three hours and a half.
                """
                with bytes as (select string_agg(decode(lpad(to_hex(n % 256), 2, '0') || lpad(to_hex(n / 256), 2, '0') || '0000' || '0000000000005940', 'hex'), ''::bytea) as points
                    from generate_series(1000, 5900) n)
                insert into command_center.series_points select to_timestamp(floor(extract(epoch from now()) / 10) * 10 - n * 10), points from bytes, generate_series(0, 1260) n
                on conflict (at) do update set points = excluded.points
                """,
                "analyze command_center.events, command_center.series, command_center.series_points",
            ])
            {
                await RecordedMesh.ExecuteAsync(connection, sql);
            }
        }
        var now = DateTimeOffset.UtcNow;
        // The first question compiles what answers it.
        await _finder.FindAsync(new(now.AddHours(-0.25), now), null, CancellationToken.None);
        foreach (var hours in (double[])[0.25, 1, 3, 3])
        {
            var watch = Stopwatch.StartNew();
            await _finder.FindAsync(new(now.AddHours(-hours), now), null, CancellationToken.None);
            output.WriteLine($"{hours} h: {watch.Elapsed.TotalMilliseconds:0} ms");
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1), $"{hours} h: {watch.Elapsed}");
        }
    }

    private async Task<(string? Node, IReadOnlyList<Cause> Causes)> RunAsync(RecordedFault fault, int seed)
    {
        var mesh = new RecordedMesh(seed, DateTimeOffset.UtcNow).Ordinary();
        var node = fault.Strike(mesh);
        await mesh.WriteAsync(_source);
        var causes = (await _finder.FindAsync(new(mesh.From, mesh.End), null, CancellationToken.None)).Causes;
        return (node, causes);
    }

    /// <summary>Every path: from the cause, along references, each step seen, none before the one it depends on.</summary>
    private static void AssertTrue(IReadOnlyList<Cause> causes) => Assert.All(causes, cause =>
    {
        Assert.NotEmpty(cause.Evidence);
        Assert.All(cause.Spread, path =>
        {
            Assert.Equal(cause.Node, path[0].Node);
            Assert.All(path.Zip(path.Skip(1)), step => Assert.True(step.Second.Since >= step.First.Since - CauseRanking.Skew));
        });
    });
}
