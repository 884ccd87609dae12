/**
 * What partitions say of the constraints that they have from their table, comments and replica identities → the statements that say so once these have
 * their names: pg-delta leaves such constraints out, and stops where a replica identity goes by one.
 */
import type { Fact, FactBase } from '@supabase/pg-delta/core';
import type { Session } from '../database/with-session.js';

type Delta = Pick<typeof import('./pg-delta.js'), 'buildFactBase'>;

export async function describeParts(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ statement: string }>(
    `with parts as (
         select
             k.oid as constraint, k.conindid as index, i.indisreplident, format('%I', k.conname) as name,
             format('%I.%I', n.nspname, t.relname) as partition, format('%I', c.relname) as part,
             format('%I.%I', n.nspname, c.relname) as whole_name
         from pg_constraint as k
         inner join pg_index as i on i.indexrelid = k.conindid
         inner join pg_class as c on c.oid = k.conindid
         inner join pg_class as t on t.oid = k.conrelid
         inner join pg_namespace as n on n.oid = t.relnamespace
         where
             k.contype in ('p', 'u', 'x')
             and k.conparentid <> 0
             and n.nspname !~ '^(pg_|information_schema$)'
             and pg_get_userbyid(t.relowner) !~ '^supabase_.*admin$'
     )
     select format('alter table %s replica identity using index %s', partition, part) as statement
     from parts
     where indisreplident
     union all
     select format('comment on index %s is %L', whole_name, d.comment)
     from parts, lateral obj_description(index, 'pg_class') as d (comment)
     where d.comment is not null
     union all
     select format('comment on constraint %s on %s is %L', name, partition, d.comment)
     from parts, lateral obj_description("constraint", 'pg_constraint') as d (comment)
     where d.comment is not null
     order by 1`,
  );
  return rows.map(({ statement }) => statement);
}

/** Replica identities that go by an index of which nothing else is known are `describeParts`' alone. */
export function withoutIdentityByParts(facts: FactBase, { buildFactBase }: Delta): FactBase {
  const all = facts.facts();
  const isByPart = ({ id, payload }: Fact) =>
    id.kind === 'table' &&
    payload.replicaIdentity === 'i' &&
    !facts.has({ kind: 'index', schema: id.schema, name: String(payload.replicaIdentityIndex) }) &&
    !facts.has({
      kind: 'constraint',
      schema: id.schema,
      table: id.name,
      name: String(payload.replicaIdentityIndex),
    });
  if (!all.some(isByPart)) return facts;
  const without = all.map((fact) =>
    isByPart(fact)
      ? { ...fact, payload: { ...fact.payload, replicaIdentity: 'd', replicaIdentityIndex: null } }
      : fact,
  );
  return buildFactBase(without, [...facts.edges], 'liveDb');
}
