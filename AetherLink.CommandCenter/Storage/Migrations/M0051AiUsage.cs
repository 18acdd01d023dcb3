using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>AI usage by the hour, with latencies as histograms that can be added, so that no report has to read the calls.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611210051_ai_usage")]
internal sealed class M0051AiUsage : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        -- A histogram is an array whose indexes are the buckets: bucket n holds what is at most 0.1 ms * 1.05^n, so that a
        -- percentile is within 2.5 % of the true one (the relative-error sketch of Masson, Rim and Lee, VLDB 2019). Only from
        -- the lowest to the highest bucket that has something; null is zero.
        create function command_center.latencies_with(latencies int[], ms double precision) returns int[]
            language plpgsql immutable as $$
        declare
            bucket int := greatest(0, ceil(ln(least(greatest(ms, 0.1), 1e9) / 0.1) / ln(1.05)));
        begin
            latencies[bucket] := coalesce(latencies[bucket], 0) + 1;
            return latencies;
        end
        $$;

        create function command_center.latencies_sum(latencies int[], others int[]) returns int[] language plpgsql immutable as $$
        begin
            for bucket in array_lower(others, 1) .. array_upper(others, 1) loop
                if others[bucket] is not null then
                    latencies[bucket] := coalesce(latencies[bucket], 0) + others[bucket];
                end if;
            end loop;
            return latencies;
        end
        $$;

        create aggregate command_center.latencies(double precision) (sfunc = command_center.latencies_with, stype = int[]);

        create table command_center.ai_usage_hours (
            -- All tenants together are kept as well: an operator's report would read as many rows as there are tenants.
            of_all        boolean     not null,
            tenant_id     text        not null,
            hour          timestamptz not null,
            intent        text        not null,
            provider      text        not null,
            calls         bigint      not null,
            succeeded     bigint      not null,
            fallbacks     bigint      not null,
            input_tokens  bigint      not null,
            output_tokens bigint      not null,
            cost_usd      numeric     not null,
            latencies     int[]       not null,
            primary key (of_all, tenant_id, hour, intent, provider)
        );

        insert into command_center.ai_usage_hours
            select of_all, case when of_all then '' else tenant_id end, date_trunc('hour', called_at, 'UTC'), intent,
                coalesce(provider, ''), count(*), count(*) filter (where outcome = 'success'), count(*) filter (where fell_back),
                sum(input_tokens), sum(output_tokens), sum(cost_usd), command_center.latencies(latency_ms)
            from command_center.ai_calls cross join (values (false), (true)) scope (of_all)
            group by 1, 2, 3, 4, 5;

        -- Nobody asks the calls for a time any more but the pruning, and they lie in the order of their arrival.
        create index on command_center.ai_calls using brin (called_at);
        drop index command_center.ai_calls_called_at_idx;
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        drop index command_center.ai_calls_called_at_idx1;
        create index on command_center.ai_calls (called_at);
        drop table command_center.ai_usage_hours;
        drop aggregate command_center.latencies(double precision);
        drop function command_center.latencies_with(int[], double precision), command_center.latencies_sum(int[], int[]);
        """);
}
