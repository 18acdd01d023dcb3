using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.Orchestrator.Governance.Storage.Migrations;

/// <summary>Budgets with their leases, and usage by the hour.</summary>
[DbContext(typeof(OrchestratorDb))]
[Migration("202611210001_governance")]
internal sealed class M0001Governance : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        -- taken: spent for good, or in the hands of a replica that may spend it.
        create table orchestrator.budgets (
            tenant_id    text        not null,
            unit         text        not null,
            period_start timestamptz not null,
            taken        bigint      not null default 0,
            limited_to   bigint      not null default 0,
            primary key (tenant_id, unit, period_start)
        );
        create index on orchestrator.budgets (period_start);

        create table orchestrator.budget_leases (
            tenant_id    text        not null,
            unit         text        not null,
            period_start timestamptz not null,
            replica      uuid        not null,
            leased       bigint      not null default 0,
            spent        bigint      not null default 0,
            valid_until  timestamptz not null,
            primary key (tenant_id, unit, period_start, replica)
        );

        create table orchestrator.usage_hours (
            hour          timestamptz not null,
            tenant_id     text        not null,
            intent        text        not null,
            provider      text        not null,
            calls         bigint      not null,
            succeeded     bigint      not null,
            cached        bigint      not null,
            rejected      bigint      not null,
            input_tokens  bigint      not null,
            output_tokens bigint      not null,
            cost_nano_usd bigint      not null,
            primary key (hour, tenant_id, intent, provider)
        );

        -- One replica's word on one budget: what it has spent so far of its lease, and what it wants more (or gives back).
        -- The row of the budget is locked first, so that all replicas together never have more than there is. It may be said
        -- again: spent is a sum, and what was leased twice is given back later.
        create function orchestrator.sync_lease(
            of_tenant text, of_unit text, of_period timestamptz, of_replica uuid, max_taken bigint, has_spent bigint, wants bigint,
            valid_for interval, out has_leased bigint, out knows_spent bigint, out could_lend bigint)
        language plpgsql as $$
        declare
            now_taken bigint;
            freed     bigint;
            mine      orchestrator.budget_leases;
            lent      bigint;
        begin
            insert into orchestrator.budgets (tenant_id, unit, period_start) values (of_tenant, of_unit, of_period) on conflict do nothing;
            select taken into now_taken from orchestrator.budgets
                where tenant_id = of_tenant and unit = of_unit and period_start = of_period for update;
            -- Whoever has not renewed its lease is gone: what it has not spent is free again.
            with gone as (
                select replica, leased - spent as rest from orchestrator.budget_leases
                where tenant_id = of_tenant and unit = of_unit and period_start = of_period and replica <> of_replica
                    and valid_until < clock_timestamp() and leased > spent
            ), closed as (
                update orchestrator.budget_leases lease set leased = spent from gone
                where lease.tenant_id = of_tenant and lease.unit = of_unit and lease.period_start = of_period and lease.replica = gone.replica
            )
            select coalesce(sum(rest), 0) into freed from gone;
            now_taken := now_taken - freed;

            insert into orchestrator.budget_leases (tenant_id, unit, period_start, replica, valid_until)
                values (of_tenant, of_unit, of_period, of_replica, clock_timestamp() + valid_for) on conflict do nothing;
            select * into mine from orchestrator.budget_leases
                where tenant_id = of_tenant and unit = of_unit and period_start = of_period and replica = of_replica;
            knows_spent := greatest(has_spent, mine.spent);
            -- Spent before it was thought gone, and said only now.
            now_taken := now_taken + greatest(0, knows_spent - mine.leased);
            mine.leased := greatest(mine.leased, knows_spent);

            lent := case when wants >= 0 then greatest(0, least(wants, max_taken - now_taken))
                         else greatest(wants, knows_spent - mine.leased) end;
            has_leased := mine.leased + lent;
            could_lend := greatest(0, max_taken - now_taken - lent);
            update orchestrator.budget_leases set leased = has_leased, spent = knows_spent, valid_until = clock_timestamp() + valid_for
                where tenant_id = of_tenant and unit = of_unit and period_start = of_period and replica = of_replica;
            update orchestrator.budgets set taken = now_taken + lent, limited_to = max_taken
                where tenant_id = of_tenant and unit = of_unit and period_start = of_period;
        end $$;
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        drop function orchestrator.sync_lease;
        drop table orchestrator.usage_hours, orchestrator.budget_leases, orchestrator.budgets;
        """);
}
