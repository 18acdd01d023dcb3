using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.Orchestrator.Governance.Storage.Migrations;

/// <summary>Nobody is lent what no call fits into, and everybody is told what all have spent.</summary>
[DbContext(typeof(OrchestratorDb))]
[Migration("202611210003_whole_calls")]
internal sealed class M0003WholeCalls : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        drop function orchestrator.sync_lease;

        -- One replica's word on one budget: what it has spent so far of its lease, and what it wants more (or gives back).
        -- The row of the budget is locked first, so that all replicas together never have more than there is. It may be said
        -- again: spent is a sum, and what was leased twice is given back later. A slice is its replica's until it gives it back:
        -- what one that is cut off has spent since it was heard of, nobody can know. Less than at_least is of no use to who asks, and
        -- is left to who can use it. What all have spent tells a budget that is used up from one that others hold; of a replica
        -- that was not heard of for longer than any live one keeps what it does not use, the slice counts.
        create function orchestrator.sync_lease(
            of_tenant text, of_unit text, of_period timestamptz, of_replica uuid, max_taken bigint, has_spent bigint, wants bigint,
            at_least bigint default 0, out has_leased bigint, out knows_spent bigint, out could_lend bigint, out all_spent bigint)
        language plpgsql as $$
        declare
            now_taken bigint;
            mine      orchestrator.budget_leases;
            lent      bigint;
        begin
            insert into orchestrator.budgets (tenant_id, unit, period_start) values (of_tenant, of_unit, of_period) on conflict do nothing;
            select taken into now_taken from orchestrator.budgets
                where tenant_id = of_tenant and unit = of_unit and period_start = of_period for update;
            insert into orchestrator.budget_leases (tenant_id, unit, period_start, replica, heard_at)
                values (of_tenant, of_unit, of_period, of_replica, clock_timestamp()) on conflict do nothing;
            select * into mine from orchestrator.budget_leases
                where tenant_id = of_tenant and unit = of_unit and period_start = of_period and replica = of_replica;
            knows_spent := greatest(has_spent, mine.spent);
            -- More than it had: its settled calls took more than they could at most.
            now_taken := now_taken + greatest(0, knows_spent - mine.leased);
            mine.leased := greatest(mine.leased, knows_spent);

            lent := case when wants < 0 then greatest(wants, knows_spent - mine.leased)
                         when max_taken - now_taken < at_least then 0
                         else greatest(0, least(wants, max_taken - now_taken)) end;
            has_leased := mine.leased + lent;
            could_lend := greatest(0, max_taken - now_taken - lent);
            update orchestrator.budget_leases set leased = has_leased, spent = knows_spent, heard_at = clock_timestamp()
                where tenant_id = of_tenant and unit = of_unit and period_start = of_period and replica = of_replica;
            update orchestrator.budgets set taken = now_taken + lent, limited_to = max_taken
                where tenant_id = of_tenant and unit = of_unit and period_start = of_period;
            select sum(case when heard_at < clock_timestamp() - interval '15 minutes' then leased else spent end) into all_spent
                from orchestrator.budget_leases where tenant_id = of_tenant and unit = of_unit and period_start = of_period;
        end $$;
        """);

    protected override void Down(MigrationBuilder migrationBuilder) =>
        throw new NotSupportedException("A function of one argument less would lend pieces that no call fits into.");
}
