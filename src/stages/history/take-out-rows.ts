/** Rows that a deployment put into tables which were there before it → gone, where nothing hangs on them that somebody wrote since. */
import { counted } from '../../counted.js';
import { quoteIdentifier } from '../../database/quote.js';
import type { Session } from '../../database/with-session.js';
import { readShapes } from '../preservation/read-shapes.js';
import { count, type Matched, type Source } from './match-rows.js';
import type { Obstacle } from './obstacle.js';
import type { Run } from './run.js';

interface Key {
  readonly name: string;
  readonly child: string;
  readonly parent: string;
  readonly child_relation: string;
  readonly child_columns: string[];
  readonly parent_columns: string[];
  readonly is_readable: boolean;
}

export interface TakenOut {
  readonly rows: number;
  readonly obstacles: readonly Obstacle[];
}

/** Fills `pg_temp.schema_fix_out` (oid, place), and deletes what is in it: what hangs on a row before the row itself. */
export async function takeOutRows(
  session: Session,
  run: Run,
  {
    matched,
    source,
    keeps,
  }: { readonly matched: readonly Matched[]; readonly source: Source; readonly keeps: boolean },
): Promise<TakenOut> {
  await run('create temporary table schema_fix_out (oid oid, place tid) on commit drop');
  const own = matched.flatMap(({ table, oid, isReplaced }) =>
    table.before === null || oid === null ? [] : [{ table, oid, isReplaced }],
  );
  for (const { table, oid, isReplaced } of own) {
    await run(
      `insert into pg_temp.schema_fix_out
       select ${oid}, m.place
       from pg_temp.schema_fix_match_${table.number} as m
       where
           m.is_of_run and m.place is not null
           and (${isReplaced} or m.key is null or not exists (
               select from ${source} as r where r.table_number = ${table.number} and r.side = 'was' and r.key = m.key
           ))`,
    );
  }
  const oids = own.map(({ oid }) => oid);
  const keys = await readKeys(session, oids);
  const obstacles: Obstacle[] = [];
  for (const key of keys) {
    if (!key.is_readable) {
      if ((await count(session, `pg_temp.schema_fix_out where oid = ${key.parent}`)) === 0) continue;
      obstacles.push({
        kind: 'known',
        what: `the key ${key.name} of ${key.child_relation}, a table that this role may not read, may hold on to rows that would go`,
      });
      continue;
    }
    const hanging = `only ${key.child_relation} as c
      inner join ${await nameOf(session, key.parent)} as p on ${key.child_columns
        .map(
          (column, index) =>
            `c.${quoteIdentifier(column)} = p.${quoteIdentifier(key.parent_columns[index] ?? '')}`,
        )
        .join(' and ')}
      inner join pg_temp.schema_fix_out as o on o.oid = ${key.parent} and p.tableoid = o.oid and p.ctid = o.place
      where not exists (select from pg_temp.schema_fix_out as x where x.oid = c.tableoid and x.place = c.ctid)`;
    const found = await count(session, hanging);
    if (found === 0) continue;
    if (keeps) {
      await run(
        `delete from pg_temp.schema_fix_out as gone
         where gone.oid = ${key.parent} and gone.place in (select p.ctid from ${hanging})`,
      );
      continue;
    }
    obstacles.push({
      kind: 'row',
      what: `${counted(found, 'row')} of ${key.child_relation}, written since, would hang on nothing by the key ${key.name}`,
    });
  }
  if (obstacles.length > 0) return { rows: 0, obstacles };

  const expected = await countOut(session);
  const before = await countGone(session);
  let rows = 0;
  for (const oid of childrenFirst(oids, keys)) {
    rows += await run(
      `delete from only ${await nameOf(session, oid)} as t using pg_temp.schema_fix_out as o where o.oid = ${oid} and t.ctid = o.place`,
    );
  }
  const after = await countGone(session);
  const otherwise = [...after].filter(
    ([oid, { gone }]) => gone - (before.get(oid)?.gone ?? 0) !== (expected.get(oid) ?? 0),
  );
  return {
    rows,
    obstacles: otherwise.map(([, { name }]) => ({
      kind: 'statement',
      what: `other rows of ${name} would be deleted along with those of the deployment`,
    })),
  };
}

async function countOut(session: Session): Promise<ReadonlyMap<string, number>> {
  const { rows } = await session.query<{ oid: string; rows: string }>(
    'select oid::pg_catalog.text as oid, count(*) as rows from pg_temp.schema_fix_out group by 1',
  );
  return new Map(rows.map(({ oid, rows: found }) => [oid, Number(found)]));
}

async function countGone(session: Session) {
  const shapes = await readShapes(session);
  return new Map(
    [...shapes.values()].map(({ oid, name, written }) => [oid, { name, gone: Number(written.gone) }]),
  );
}

export async function nameOf(session: Session, oid: string): Promise<string> {
  const { rows } = await session.query<{ name: string }>(
    `select pg_catalog.format('%I.%I', n.nspname, c.relname) as name
     from pg_catalog.pg_class as c inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
     where c.oid = $1::pg_catalog.oid`,
    [oid],
  );
  return rows[0]?.name ?? '';
}

/** Foreign keys that lead to one of the tables. */
async function readKeys(session: Session, oids: readonly string[]): Promise<Key[]> {
  const { rows } = await session.query<Key>(
    `select
         k.conname as name, k.conrelid::pg_catalog.oid::pg_catalog.text as child, k.confrelid::pg_catalog.oid::pg_catalog.text as parent,
         pg_catalog.format('%I.%I', n.nspname, c.relname) as child_relation,
         array(
             select a.attname::text from pg_catalog.unnest(k.conkey) with ordinality as u (number, place)
             inner join pg_catalog.pg_attribute as a on a.attrelid = k.conrelid and a.attnum = u.number order by u.place
         ) as child_columns,
         array(
             select a.attname::text from pg_catalog.unnest(k.confkey) with ordinality as u (number, place)
             inner join pg_catalog.pg_attribute as a on a.attrelid = k.confrelid and a.attnum = u.number order by u.place
         ) as parent_columns,
         pg_catalog.has_schema_privilege(n.oid, 'usage') and pg_catalog.has_table_privilege(c.oid, 'select')
         and not pg_catalog.row_security_active(c.oid) as is_readable
     from pg_catalog.pg_constraint as k
     inner join pg_catalog.pg_class as c on k.conrelid = c.oid
     inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
     where k.contype = 'f' and k.confrelid = any($1::pg_catalog.oid[]) and c.relkind = 'r'`,
    [oids],
  );
  return rows;
}

/** Of two that point at each other either may be first: Postgres says so where it matters. */
function childrenFirst(oids: readonly string[], keys: readonly Key[]): string[] {
  const sorted: string[] = [];
  const visit = (oid: string, path: readonly string[]) => {
    if (sorted.includes(oid) || path.includes(oid)) return;
    for (const { child, parent } of keys) {
      if (parent === oid && oids.includes(child)) visit(child, [...path, oid]);
    }
    sorted.push(oid);
  };
  for (const oid of oids) visit(oid, []);
  return sorted;
}
