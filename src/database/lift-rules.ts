/** Rules of tables, lifted to see what they refuse: within a savepoint that is rolled back. */
import type { Session } from './with-session.js';

/** `rowSecurity` selects what is done with that of a table `c`; its triggers are disabled. */
const alterOwn = (rowSecurity: string): string => `do $lift$
declare alteration text;
begin
    for alteration in
        select pg_catalog.format('alter table %I.%I %s', n.nspname, c.relname, lifted.what)
        from pg_catalog.pg_class as c
        inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
        cross join lateral (
            ${rowSecurity}
            union all
            select 'disable trigger user'
            where exists (select from pg_catalog.pg_trigger as t where t.tgrelid = c.oid and not t.tgisinternal)
        ) as lifted (what)
        where c.relkind in ('r', 'p') and pg_catalog.pg_has_role(c.relowner, 'usage')
    loop
        execute alteration;
    end loop;
end $lift$`;

/**
 * The deployer's own tables show and give the deployer every row, whatever policies bind their owner and whatever their
 * triggers would say.
 */
export const liftWhatBindsOwner = alterOwn(
  `select 'no force row level security' where c.relforcerowsecurity and pg_catalog.row_security_active(c.oid)`,
);

/** The policies and triggers of the deployer's own tables bind nobody. A table that somebody else holds is not waited for. */
export const liftRules = `set local lock_timeout = '100ms'; ${alterOwn(`select 'disable row level security' where c.relrowsecurity`)}`;

/** Names of others' tables under row level security, and of the views and functions that ask them. */
export async function listGuardedByOthers(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ name: string }>(
    `with guarded as (
        select c.oid, c.relname
        from pg_catalog.pg_class as c
        where c.relrowsecurity and not pg_catalog.pg_has_role(c.relowner, 'usage')
     )
     select relname as name from guarded
     union
     select v.relname
     from guarded as g
     inner join pg_catalog.pg_depend as d on d.refobjid = g.oid and d.classid = 'pg_catalog.pg_rewrite'::regclass
     inner join pg_catalog.pg_rewrite as r on r.oid = d.objid
     inner join pg_catalog.pg_class as v on v.oid = r.ev_class
     union
     select p.proname
     from guarded as g
     inner join pg_catalog.pg_proc as p on pg_catalog.strpos(p.prosrc, g.relname) > 0`,
  );
  return rows.map(({ name }) => name);
}
