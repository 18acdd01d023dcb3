using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AetherLink.CommandCenter.Storage.Migrations;

/// <summary>What keeps the figures of a year, and the deliveries of a tenant that were received, from reading every row of it.</summary>
[DbContext(typeof(CommandCenterDb))]
[Migration("202611210454_audit_days")]
internal sealed class M0454AuditDays : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        -- How many entries a day (UTC) has of each action (kind 0) and of each actor (kind 1): of everybody ('') and of each tenant.
        create table command_center.operator_audit_days (
            whose   text     not null,
            day     date     not null,
            kind    smallint not null,
            name    text     not null,
            entries bigint   not null,
            -- With what is read, which then lies together: a year of everybody's is a hundred pages of it, and eight hundred of the table.
            primary key (whose, day, kind, name) include (entries)
        );

        create function command_center.count_operator_audit(at timestamptz, tenant_id text, action text, actor text)
        returns table (whose text, day date, kind smallint, name text) language sql immutable as $$
            select w.whose, (at at time zone 'UTC')::date, n.kind, n.name
            from (values (''), (tenant_id)) w (whose) cross join (values (0::smallint, action), (1::smallint, actor)) n (kind, name)
            where w.whose is not null
        $$;

        insert into command_center.operator_audit_days
        select c.whose, c.day, c.kind, c.name, count(*)
        from command_center.operator_audit a cross join lateral command_center.count_operator_audit(a.at, a.tenant_id, a.action, a.actor) c
        group by 1, 2, 3, 4;

        -- Whoever writes entries holds the chain's head, so that no two of them wait for each other's counts.
        create function command_center.operator_audit_came() returns trigger language plpgsql as $$
        begin
            insert into command_center.operator_audit_days as d
            select c.whose, c.day, c.kind, c.name, count(*)
            from fresh a cross join lateral command_center.count_operator_audit(a.at, a.tenant_id, a.action, a.actor) c
            group by 1, 2, 3, 4
            on conflict (whose, day, kind, name) do update set entries = d.entries + excluded.entries;
            return null;
        end
        $$;
        create function command_center.operator_audit_went() returns trigger language plpgsql as $$
        begin
            with gone as (
                select c.whose, c.day, c.kind, c.name, count(*) as entries
                from old_entries a cross join lateral command_center.count_operator_audit(a.at, a.tenant_id, a.action, a.actor) c
                group by 1, 2, 3, 4
            )
            update command_center.operator_audit_days d set entries = d.entries - g.entries
            from gone g where (d.whose, d.day, d.kind, d.name) = (g.whose, g.day, g.kind, g.name);
            delete from command_center.operator_audit_days where entries <= 0;
            return null;
        end
        $$;
        create trigger came after insert on command_center.operator_audit referencing new table as fresh
            for each statement execute function command_center.operator_audit_came();
        create trigger went after delete on command_center.operator_audit referencing old table as old_entries
            for each statement execute function command_center.operator_audit_went();

        create index deliveries_succeeded on command_center.deliveries (tenant_id, id) where status = 1;
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        drop index command_center.deliveries_succeeded;
        drop trigger came on command_center.operator_audit;
        drop trigger went on command_center.operator_audit;
        drop function command_center.operator_audit_came(), command_center.operator_audit_went(),
            command_center.count_operator_audit(timestamptz, text, text, text);
        drop table command_center.operator_audit_days;
        """);
}
