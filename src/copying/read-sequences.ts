/** The sequences of a database → the statements that give those of the copy their positions, and their privileges. */
import type { Session } from '../database/with-session.js';

/** One that was never used has no position; one that the role may not read tells none. */
export async function readPositions(session: Session, hostSchemas: readonly string[]): Promise<string[]> {
  const { rows } = await session.query<{ statement: string }>(
    `select format('select pg_catalog.setval(%L, %s, true)', format('%I.%I', schemaname, sequencename), last_value) as statement
     from pg_sequences
     where last_value is not null and schemaname <> all ($1)
     order by 1`,
    [hostSchemas],
  );
  return rows.map(({ statement }) => statement);
}

/** Privileges on the sequences of identities, which pg-delta takes as a property of their column. */
export async function readIdentityGrants(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ statement: string }>(
    `select
         format(
             'grant %s on sequence %I.%I to %s%s',
             string_agg(lower(e.privilege_type), ', ' order by e.privilege_type),
             n.nspname,
             i.relname,
             case when e.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(e.grantee)) end,
             case when e.is_grantable then ' with grant option' else '' end
         ) as statement
     from pg_class as i
     inner join pg_namespace as n on n.oid = i.relnamespace
     inner join pg_depend as d on d.classid = 'pg_class'::regclass and d.objid = i.oid and d.deptype = 'i'
     cross join lateral aclexplode(i.relacl) as e
     where
         i.relkind = 'S'
         and n.nspname !~ '^pg_'
         and pg_get_userbyid(i.relowner) !~ '^supabase_.*admin$'
         and e.grantee <> i.relowner
         and not exists (
             select
             from pg_depend as x
             where x.classid = 'pg_class'::regclass and x.objid = d.refobjid and x.deptype = 'e'
         )
     group by n.nspname, i.relname, e.grantee, e.is_grantable
     order by 1`,
  );
  return rows.map(({ statement }) => statement);
}
