/**
 * The indexes of partitions that are part of a partitioned table's: pg-delta leaves them out, and makes only that of the table, which stays
 * invalid. As in a dump, each is made by itself, called and stored as it is, and attached.
 */
import type { DependencyEdge, Fact, FactBase, StableId } from '@supabase/pg-delta/core';
import type { Session } from '../database/with-session.js';
import type { Step } from './fold-columns.js';

export interface PartIndexes {
  readonly factBase: FactBase;
  /** Each index of a partitioned table is followed by what attaches its parts. */
  readonly attach: (step: Step) => readonly Step[];
}

interface Row {
  readonly schema: string;
  readonly name: string;
  /** The partition. */
  readonly table_schema: string;
  readonly table_name: string;
  readonly of_schema: string;
  readonly of_name: string;
  readonly root_schema: string;
  readonly root_name: string;
  /** Null where the partition has no part of this index. */
  readonly def: string | null;
  /** The partition's own constraint that the index belongs to. */
  readonly constraint: string | null;
  readonly comment: string | null;
  readonly attached: string | null;
}

type Delta = Pick<typeof import('./pg-delta.js'), 'buildFactBase' | 'encodeId'>;

const query = `
select
    n.nspname as schema,
    c.relname as name,
    tn.nspname as table_schema,
    t.relname as table_name,
    wn.nspname as of_schema,
    w.relname as of_name,
    rn.nspname as root_schema,
    r.relname as root_name,
    pg_get_indexdef(c.oid) as def,
    k.conname as constraint,
    obj_description(c.oid, 'pg_class') as comment,
    'ALTER INDEX ' || quote_ident(wn.nspname) || '.' || quote_ident(w.relname)
    || ' ATTACH PARTITION ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) as attached
from pg_index as i
inner join pg_class as w on w.oid = i.indexrelid and w.relkind = 'I'
inner join pg_namespace as wn on wn.oid = w.relnamespace
inner join pg_class as r on r.oid = pg_partition_root(w.oid)
inner join pg_namespace as rn on rn.oid = r.relnamespace
inner join pg_inherits as h on h.inhparent = i.indrelid
inner join pg_class as t on t.oid = h.inhrelid
inner join pg_namespace as tn on tn.oid = t.relnamespace
left join (
    pg_inherits as g
    inner join pg_index as p on p.indexrelid = g.inhrelid
    inner join pg_class as c on c.oid = g.inhrelid
    inner join pg_namespace as n on n.oid = c.relnamespace
) on g.inhparent = w.oid and p.indrelid = t.oid
left join pg_constraint as k on k.conindid = c.oid and k.contype in ('p', 'u', 'x')
where not exists (select from pg_constraint as o where o.conindid = w.oid and o.contype in ('p', 'u', 'x'))
order by wn.nspname, w.relname, tn.nspname, t.relname`;

/** `facts` were read in this session. Of indexes of whole tables that are not taken the parts are left out. */
export async function readPartIndexes(
  session: Session,
  facts: FactBase,
  { buildFactBase, encodeId }: Delta,
  isTaken: (root: StableId) => boolean = () => true,
): Promise<PartIndexes> {
  const { rows } = await session.query<Row>(query);
  const added: Fact[] = [];
  const edges: DependencyEdge[] = [...facts.edges];
  const attaching = new Map<string, string[]>();
  for (const row of rows) {
    const root: StableId = { kind: 'index', schema: row.root_schema, name: row.root_name };
    if (!facts.has(root) || !isTaken(root)) continue;
    const whole: StableId = { kind: 'index', schema: row.of_schema, name: row.of_name };
    const partition: StableId = { kind: 'table', schema: row.table_schema, name: row.table_name };
    // A partition that is made where the index is already would get a part of it by itself, called otherwise.
    edges.push({ from: whole, to: partition, kind: 'depends' });
    if (row.def === null) continue;
    const part: StableId =
      row.constraint === null
        ? { kind: 'index', schema: row.schema, name: row.name }
        : { kind: 'constraint', schema: row.table_schema, table: row.table_name, name: row.constraint };
    edges.push({ from: whole, to: part, kind: 'depends' });
    const key = encodeId(whole);
    attaching.set(key, [...(attaching.get(key) ?? []), String(row.attached)]);
    if (row.constraint !== null) continue;
    // Its expressions need what those of the whole need.
    for (const { kind, to } of facts.outgoingEdges(root))
      if (kind === 'depends') edges.push({ from: part, to, kind });
    added.push({ id: part, parent: partition, payload: { def: row.def, valid: true } });
    if (row.comment !== null)
      added.push({ id: { kind: 'comment', target: part }, parent: part, payload: { text: row.comment } });
  }
  return {
    factBase: rows.length === 0 ? facts : buildFactBase([...facts.facts(), ...added], edges, 'liveDb'),
    attach: (step) => [
      step,
      ...step.produces
        .flatMap((id) => attaching.get(encodeId(id)) ?? [])
        .map((sql) => ({ sql, produces: [] })),
    ],
  };
}
