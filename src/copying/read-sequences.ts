/** The sequences of a database → the statements that give those of the copy their positions, and identities what is theirs. */
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

export interface Identities {
  /** Name, start and step, where they are not what they are by themselves. */
  readonly shapes: readonly string[];
  readonly grants: readonly string[];
}

/** pg-delta takes an identity as a property of its column, without what the sequence behind it is. */
export async function readIdentities(session: Session): Promise<Identities> {
  const { rows } = await session.query<{ shape: string | null; renamed: string | null; grants: string[] }>(
    `select
         case
             when i.relname <> format('%s_%s_seq', c.relname, a.attname) then
                 format(
                     'do %L',
                     format(
                         'begin execute pg_catalog.format(''alter sequence %%s rename to %%I'', pg_catalog.pg_get_serial_sequence(%L, %L), %L); end',
                         format('%I.%I', n.nspname, c.relname),
                         a.attname,
                         i.relname
                     )
                 )
         end as renamed,
         case
             when (s.seqstart, s.seqincrement, s.seqmin, s.seqcache, s.seqcycle) is distinct from (1, 1, 1, 1, false) then
                 format(
                     'alter sequence %I.%I increment by %s minvalue %s maxvalue %s start with %s restart with %s cache %s%s',
                     n.nspname, i.relname, s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqstart, s.seqcache,
                     case when s.seqcycle then ' cycle' else '' end
                 )
         end as shape,
         array(
             select
                 format(
                     'grant %s on sequence %I.%I to %s%s',
                     string_agg(lower(e.privilege_type), ', ' order by e.privilege_type),
                     n.nspname,
                     i.relname,
                     case when e.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(e.grantee)) end,
                     case when e.is_grantable then ' with grant option' else '' end
                 )
             from aclexplode(i.relacl) as e
             where e.grantee <> i.relowner
             group by e.grantee, e.is_grantable
             order by 1
         ) as grants
     from pg_class as i
     inner join pg_sequence as s on s.seqrelid = i.oid
     inner join pg_depend as d on d.classid = 'pg_class'::regclass and d.objid = i.oid and d.deptype = 'i'
     inner join pg_class as c on d.refclassid = 'pg_class'::regclass and c.oid = d.refobjid
     inner join pg_namespace as n on n.oid = c.relnamespace
     inner join pg_attribute as a on a.attrelid = c.oid and a.attnum = d.refobjsubid
     where
         n.nspname !~ '^pg_'
         and pg_get_userbyid(c.relowner) !~ '^supabase_'
         and not exists (
             select from pg_depend as e where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e'
         )
     order by n.nspname, c.relname, a.attnum`,
  );
  return {
    shapes: rows.flatMap(({ renamed, shape }) => [renamed, shape].filter((text) => text !== null)),
    grants: rows.flatMap(({ grants }) => grants),
  };
}
