using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.Orchestrator.Governance.Storage.Migrations;

/// <summary>Nobody is lent what another replica may be spending.</summary>
[DbContext(typeof(OrchestratorDb))]
[Migration("202611210002_slices_stay")]
internal sealed class M0002SlicesStay : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        drop function orchestrator.sync_lease;
        alter table orchestrator.budget_leases rename column valid_until to heard_at;

        -- One replica's word on one budget: what it has spent so far of its lease, and what it wants more (or gives back).
        -- The row of the budget is locked first, so that all replicas together never have more than there is. It may be said
        -- again: spent is a sum, and what was leased twice is given back later. A slice is its replica's until it gives it back:
        -- what one that is cut off has spent since it was heard of, nobody can know.
        create function orchestrator.sync_lease(
            of_tenant text, of_unit text, of_period timestamptz, of_replica uuid, max_taken bigint, has_spent bigint, wants bigint,
            out has_leased bigint, out knows_spent bigint, out could_lend bigint)
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

            lent := case when wants >= 0 then greatest(0, least(wants, max_taken - now_taken))
                         else greatest(wants, knows_spent - mine.leased) end;
            has_leased := mine.leased + lent;
            could_lend := greatest(0, max_taken - now_taken - lent);
            update orchestrator.budget_leases set leased = has_leased, spent = knows_spent, heard_at = clock_timestamp()
                where tenant_id = of_tenant and unit = of_unit and period_start = of_period and replica = of_replica;
            update orchestrator.budgets set taken = now_taken + lent, limited_to = max_taken
                where tenant_id = of_tenant and unit = of_unit and period_start = of_period;
        end $$;
        """);

    protected override void Down(MigrationBuilder migrationBuilder) =>
        throw new NotSupportedException("Slices that another replica may be spending are not lent again.");
}
