/** Rows that a deployment wrote, looked for as they are now: which nobody has changed since. */
import type { Session } from '../../database/with-session.js';
import { type RecordedTable, rowOf } from './note-rows.js';
import type { Obstacle } from './obstacle.js';
import type { Run } from './run.js';

export interface Matched {
  readonly table: RecordedTable;
  /** Its number in the database; null: the deployment dropped it. */
  readonly oid: string | null;
  /** Rows of the deployment that are as it left them, those that are not, and rows that are none of the deployment's. */
  readonly unchanged: number;
  readonly changed: number;
  readonly others: number;
  /** Whether its changed rows are taken out and added again: a column gets another type, which what they say now may not fit. */
  readonly isReplaced: boolean;
}

/** SQL that gives what was recorded: table_number, side, key and content. */
export type Source = string;

/**
 * Makes `pg_temp.schema_fix_match_N` of each table that there is: the place of each row, null for one of the deployment's that
 * is there no more as it left it; its key; and whether it is of the deployment.
 */
export async function matchRows(
  session: Session,
  run: Run,
  { tables, source }: { readonly tables: readonly RecordedTable[]; readonly source: Source },
): Promise<{ readonly matched: readonly Matched[]; readonly obstacles: readonly Obstacle[] }> {
  const matched: Matched[] = [];
  const obstacles: Obstacle[] = [];
  for (const table of tables) {
    const { after, number } = table;
    if (after === null) {
      matched.push({ table, oid: null, unchanged: 0, changed: 0, others: 0, isReplaced: false });
      continue;
    }
    const oid = await findTable(session, after.relation);
    if (oid === null) {
      obstacles.push({ kind: 'definition', what: `the table ${after.relation} is not there any more` });
      continue;
    }
    const missing = await findMissing(session, oid, after.columns);
    if (missing.length > 0) {
      obstacles.push({
        kind: 'definition',
        what: `the table ${after.relation} has no column ${missing.join(', ')} any more`,
      });
      continue;
    }
    const match = `pg_temp.schema_fix_match_${number}`;
    await run(
      `create temporary table schema_fix_match_${number} on commit drop as
       select now.place, noted.key, noted.copy is not null as is_of_run
       from (
           select a.*, row_number() over (partition by a.digest) as copy
           from (select t.ctid as place, pg_catalog.md5(${rowOf(after.columns)}) as digest from only ${after.relation} as t) as a
       ) as now
       full join (
           select r.key, r.content, row_number() over (partition by r.content) as copy
           from ${source} as r
           where r.table_number = ${number} and r.side = 'became'
       ) as noted on noted.content = now.digest and noted.copy = now.copy`,
    );
    matched.push({
      table,
      oid,
      isReplaced: false,
      unchanged: await count(session, `${match} where is_of_run and place is not null`),
      others: await count(session, `${match} where not is_of_run`),
      changed: await count(session, `${match} where place is null`),
    });
  }
  return { matched, obstacles };
}

/** When the keys that go are gone. */
export async function findReplaced(session: Session, matched: readonly Matched[]): Promise<Matched[]> {
  const found: Matched[] = [];
  for (const one of matched) {
    const { table, oid } = one;
    const isReplaced = oid !== null && isRetyped(table) && !(await isPointedAt(session, oid));
    found.push({ ...one, isReplaced });
  }
  return found;
}

function isRetyped({ before, after }: RecordedTable): boolean {
  const types = new Map((after?.columns ?? []).map(({ name, type }) => [name, type]));
  return (before?.columns ?? []).some(({ name, type }) => types.has(name) && types.get(name) !== type);
}

/** What hangs on a row would go with it. */
async function isPointedAt(session: Session, oid: string): Promise<boolean> {
  const { rows } = await session.query(
    "select from pg_catalog.pg_constraint where contype = 'f' and confrelid = $1::pg_catalog.oid limit 1",
    [oid],
  );
  return rows.length > 0;
}

/** Quoted as `format('%I.%I')` quotes it. */
export async function findTable(session: Session, relation: string): Promise<string | null> {
  const { rows } = await session.query<{ oid: string }>(
    `select c.oid::pg_catalog.text as oid
     from pg_catalog.pg_class as c
     inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
     where pg_catalog.format('%I.%I', n.nspname, c.relname) = $1 and c.relkind in ('r', 'p')`,
    [relation],
  );
  return rows[0]?.oid ?? null;
}

async function findMissing(
  session: Session,
  oid: string,
  columns: readonly { readonly name: string }[],
): Promise<string[]> {
  const { rows } = await session.query<{ name: string }>(
    `select name from pg_catalog.unnest($2::text[]) as name
     where name not in (
         select a.attname from pg_catalog.pg_attribute as a where a.attrelid = $1::pg_catalog.oid and a.attnum > 0 and not a.attisdropped
     )`,
    [oid, columns.map(({ name }) => name)],
  );
  return rows.map(({ name }) => name);
}

export async function count(session: Session, from: string): Promise<number> {
  const { rows } = await session.query<{ rows: string }>(`select count(*) as rows from ${from}`);
  return Number(rows[0]?.rows);
}
