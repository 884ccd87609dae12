/** SQL → whether it names anything that is this database's own, and not every server's. */
import type { Session } from '../database/with-session.js';

export async function namesTheDatabase(session: Session, sql: string): Promise<boolean> {
  const words: readonly string[] = sql.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [];
  if (words.includes('public')) return true;
  const { rows } = await session.query<{ is_named: boolean }>(
    `with own as (
        select n.oid, n.nspname as name from pg_catalog.pg_namespace as n
        where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     )
     select exists (
        select
        from (
            select o.name::pg_catalog.text from own as o where o.name <> 'public'
            union all
            select c.relname::pg_catalog.text from pg_catalog.pg_class as c inner join own as o on c.relnamespace = o.oid
            union all
            select p.proname::pg_catalog.text from pg_catalog.pg_proc as p inner join own as o on p.pronamespace = o.oid
            union all
            select t.typname::pg_catalog.text from pg_catalog.pg_type as t inner join own as o on t.typnamespace = o.oid
            union all
            select r.rolname::pg_catalog.text from pg_catalog.pg_roles as r where r.rolname !~ '^pg_'
            union all
            select pg_catalog.current_database()::pg_catalog.text
        ) as s (name)
        where
            pg_catalog.lower(s.name) = any($1::pg_catalog.text[])
            -- Of one that is written in quotes.
            or s.name !~ '^[a-zA-Z_][a-zA-Z0-9_$]*$' and pg_catalog.strpos($2, s.name) > 0
     ) as is_named`,
    [words, sql],
  );
  return rows[0]?.is_named ?? false;
}
