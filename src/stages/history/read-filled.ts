/** The materialized views of a database → which can be read, and what is granted of their columns, which pg-delta does not know. */
import type { Session } from '../../database/with-session.js';

export interface ColumnGrant {
  /** By its quoted name. */
  readonly relation: string;
  readonly sql: string;
}

export async function readFilled(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ name: string }>(
    `select n.nspname || '.' || c.relname as name
     from pg_catalog.pg_class as c
     inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
     where c.relkind = 'm' and c.relispopulated`,
  );
  return rows.map(({ name }) => name);
}

export async function readColumnGrants(session: Session): Promise<readonly ColumnGrant[]> {
  const { rows } = await session.query<ColumnGrant>(
    `select
         pg_catalog.format('%I.%I', n.nspname, c.relname) as relation,
         pg_catalog.format(
             'grant %s (%I) on %I.%I to %s%s', lower(x.privilege_type), a.attname, n.nspname, c.relname,
             case when x.grantee = 0 then 'public' else x.grantee::pg_catalog.regrole::text end,
             case when x.is_grantable then ' with grant option' else '' end
         ) as sql
     from pg_catalog.pg_class as c
     inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
     inner join pg_catalog.pg_attribute as a on a.attrelid = c.oid
     cross join lateral pg_catalog.aclexplode(a.attacl) as x
     where c.relkind = 'm' and x.grantor = c.relowner
     order by 1, a.attnum, 2`,
  );
  return rows;
}
