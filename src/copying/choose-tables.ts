/** Tables of a fix → those, all that hangs on them, and what these are keyed to, so that no key leads nowhere. */
import type { Session } from '../database/with-session.js';

/** `schema.name`, as a manifest has it; one that is not there is passed over. Returns oids. */
export async function chooseTables(session: Session, names: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await session.query<{ oid: string }>(
    `with recursive tables as (
         select c.oid, format('%s.%s', n.nspname, c.relname) as name
         from pg_class as c
         inner join pg_namespace as n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p')
     ),
     trees (one, other) as (
         select inhrelid, inhparent from pg_inherits
         union all
         select inhparent, inhrelid from pg_inherits
     ),
     below (parent, child) as (
         select confrelid, conrelid from pg_constraint where contype = 'f'
         union all
         select one, other from trees
     ),
     above (child, parent) as (
         select conrelid, confrelid from pg_constraint where contype = 'f'
         union all
         select one, other from trees
     ),
     hanging (oid) as (
         select oid from tables where name = any ($1)
         union
         select b.child from hanging as h inner join below as b on b.parent = h.oid
     ),
     needed (oid) as (
         select oid from hanging
         union
         select a.parent from needed as n inner join above as a on a.child = n.oid
     )
     select oid::text as oid from needed`,
    [names],
  );
  return new Set(rows.map(({ oid }) => oid));
}
