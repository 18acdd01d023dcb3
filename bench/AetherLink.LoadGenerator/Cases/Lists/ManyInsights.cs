using System.Buffers.Binary;
using AetherLink.LoadGenerator.Running;
using Npgsql;

namespace AetherLink.LoadGenerator.Cases.Lists;

/// <summary>
/// As many series as are watched at most, with the points of the last hours; a month of anomalies, of which one in fifty is current; and the days
/// summed up that are over.
/// </summary>
internal static class ManyInsights
{
    public const int Series = 5_000;

    public const int Anomalies = 50_000;

    public const int Current = 1_000;

    public const string SomeAnomaly = "00000000-0000-7000-8005-00000000c350";

    /// <summary>Three hours, the half before them that says what is usual, and a little more.</summary>
    private const int Buckets = 1_300;

    /// <summary>Of the points of a bucket: the same come again, so that no second of the run goes by for making them up.</summary>
    private const int Variants = 10;

    /// <summary>Ids that the service's own series do not reach.</summary>
    private const int FirstSeries = 100_000;

    private const int PointSize = sizeof(int) + sizeof(double);

    public static async Task StoreAsync(PostgresServer postgres, CancellationToken cancellationToken)
    {
        await postgres.ExecuteAsync(SeriesSql, cancellationToken, Series, FirstSeries, ManyDeliveries.Endpoints);
        await postgres.ExecuteAsync(AnomaliesSql, cancellationToken, Anomalies, Current);
        await using var connection = await postgres.OpenAsync(cancellationToken);
        for (var variant = 0; variant < Variants; variant++)
        {
            await using var command = new NpgsqlCommand(PointsSql, connection);
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Buckets });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Variants });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = variant });
            command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = Points(variant) });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        // As the service does an hour after the end of a day.
        await postgres.ExecuteAsync("select command_center.sum_days(now() - interval '1 hour')", cancellationToken);
    }

    /// <summary>As the service writes them: of each series its id and its value, little-endian.</summary>
    private static byte[] Points(int variant)
    {
        var bytes = new byte[Series * PointSize];
        for (var index = 0; index < Series; index++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(index * PointSize), FirstSeries + index);
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan((index * PointSize) + sizeof(int)), 20 + ((index + variant) * 7 % 11));
        }
        return bytes;
    }

    // Beside those that the service has made of what was stored: of a thousand other endpoints the latency and the failures, of twenty services the latency, of as many tenants' providers both, and events.
    private const string SeriesSql =
        """
        insert into command_center.series (id, tenant_id, name, kind, as_of, last_seen)
        select $2 + n, case when n between 2 * $3 and 2 * $3 + 19 then 'default' else 'tenant-' || n % 20 end,
            case when n < 2 * $3 then 'deliveries/00000000-0000-7000-9000-' || lpad(to_hex(1 + n / 2), 12, '0') || case n % 2 when 0 then '/failures' else '/latency' end
                when n < 2 * $3 + 20 then 'services/service-' || n || '/latency'
                when n < 2 * $3 + 120 then 'ai/provider-' || n / 40 || case n / 20 % 2 when 0 then '/failures' else '/latency' end
                else 'events/bench.type-' || n / 20 || '/info' end,
            case when n < 2 * $3 + 120 and (n % 2 = 1 or n >= 2 * $3) then 1 else 0 end, now(), now()
        from generate_series(0, $1 - 1) n
        """;

    // Fifty seconds apart: the oldest of fifty thousand is a month old.
    private const string AnomaliesSql =
        """
        insert into command_center.anomalies (id, group_id, tenant_id, series, kind, state, severity, since, last_seen, detected_at, score, observed, expected,
            deviations, ended_at, triaged_by, triaged_at)
        select ('00000000-0000-7000-8005-' || lpad(to_hex(n), 12, '0'))::uuid, ('00000000-0000-7000-8006-' || lpad(to_hex(n / 5), 12, '0'))::uuid,
            'tenant-' || n % 20, 'events/bench.type-' || 106 + n / 20 % 140 || '/info', 0,
            case when n > $1 - $2 then n % 2 when n % 10 = 0 then 3 else 2 end, 1 + (n % 7 = 0)::int, at, at, at, 0.9, 40, 20, 25,
            case when n <= $1 - $2 then at + interval '10 min' end, case when n <= $1 - $2 and n % 3 = 0 then 'jane' end, case when n <= $1 - $2 and n % 3 = 0 then at end
        from generate_series(1, $1) n cross join lateral (select now() - ($1 - n) * interval '50 s' as at) t order by n
        """;

    private const string PointsSql =
        """
        insert into command_center.series_points (at, points)
        select to_timestamp(10 * (floor(extract(epoch from now()) / 10) - 6 - n)), $4 from generate_series(0, $1 - 1) n where n % $2 = $3
        on conflict do nothing
        """;
}
