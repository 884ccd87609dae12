/** Tables with partitions → those of which a row may belong to no partition now, and none could before: it is refused, and was taken. */
import type { Session } from '../../database/with-session.js';
import type { Bundle, RowDifference } from '../../model.js';
import type { Shapes } from './read-shapes.js';

interface Given {
  readonly shapes: Shapes;
  readonly shapesNow: Shapes;
}

/** `unplaced`: what `listUnplaced` gave before. */
export async function findUnplaced(
  session: Session,
  { shapes, shapesNow }: Given,
  { preserve, unplaced }: Pick<Bundle, 'preserve'> & { readonly unplaced: readonly string[] },
): Promise<RowDifference[]> {
  const now = await listUnplaced(session, shapesNow);
  return now
    .filter((name) => !unplaced.includes(name))
    .filter((name) => shapes.has(name) || preserve.some(({ to }) => to.includes(name)))
    .map((name) => ({
      word: 'refuses what was taken',
      table: `table ${name}`,
      key: null,
      columns: ['rows for which there is no partition, and none by default'],
    }));
}

/** Names of the whole tables. */
export async function listUnplaced(session: Session, shapes: Shapes): Promise<string[]> {
  const parted = [...shapes.values()].filter(({ kind, isPartition }) => kind === 'p' && !isPartition);
  if (parted.length === 0) return [];
  const { rows } = await session.query<{ oid: string }>(
    `select distinct r.oid::text as oid
     from pg_catalog.unnest($1::oid[]) as r (oid)
     cross join lateral pg_catalog.pg_partition_tree(r.oid) as t
     inner join pg_catalog.pg_partitioned_table as p on t.relid = p.partrelid
     left join lateral (
         select
             pg_catalog.sum(1.0 / pg_catalog.substring(b.said, 'modulus (\\d+)')::int) as hashed,
             pg_catalog.bool_or(b.said ~ 'FROM \\(MINVALUE') and pg_catalog.bool_or(b.said ~ 'TO \\(MAXVALUE') as is_endless
         from pg_catalog.pg_inherits as i
         inner join pg_catalog.pg_class as c on i.inhrelid = c.oid
         cross join lateral pg_catalog.pg_get_expr(c.relpartbound, c.oid) as b (said)
         where i.inhparent = p.partrelid
     ) as s on true
     where
         p.partdefid = 0
         and case p.partstrat when 'h' then coalesce(s.hashed, 0) < 0.999 when 'r' then s.is_endless is not true else true end`,
    [parted.map(({ oid }) => oid)],
  );
  return parted.filter(({ oid }) => rows.some((row) => row.oid === oid)).map(({ name }) => name);
}
