/** The rows of the tables that a fix may write into, whole, before it; and after it those that are no more as they were. */

import { withOwnersView } from '../../database/owners-view.js';
import { quoteIdentifier } from '../../database/quote.js';
import type { Session } from '../../database/with-session.js';
import { RowsNotNoted } from '../preservation/compare-database.js';
import { isUnwritten, readShapes, type Shape, type Shapes } from '../preservation/read-shapes.js';
import { withPlainText } from '../preservation/with-plain-text.js';

export interface RowsBefore {
  readonly shapes: Shapes;
  /** How large a table's rows are, by its number. */
  readonly bytes: ReadonlyMap<string, number>;
  /** Those whose rows are kept in a table of their own: the place in the list is its number. */
  readonly noted: readonly Shape[];
}

export interface RecordedColumn {
  readonly name: string;
  readonly type: string;
  readonly isGenerated: boolean;
}

/** A table of which rows were written. Names are quoted. */
export interface RecordedTable {
  readonly number: number;
  /** null: the fix has made it. */
  readonly before: { readonly relation: string; readonly columns: readonly RecordedColumn[] } | null;
  /** null: the fix has dropped it. */
  readonly after: { readonly relation: string; readonly columns: readonly RecordedColumn[] } | null;
  /** Columns by which one row is told from another, as they were and are called; none: there is no such. */
  readonly key: readonly { readonly before: string; readonly after: string }[];
}

export interface RowsChanged {
  /** Of what was noted: whoever changes it before it is recorded would have another row put back. */
  readonly digest: string;
  readonly tables: readonly RecordedTable[];
  /** Tables whose rows cannot return, and why. */
  readonly obstacles: readonly string[];
}

/** Bytes: what is larger is noted when it is known that the fix writes into it, in another attempt. */
const large = 16 * 1024 * 1024;

/** To be called in the transaction that the fix is then applied in: what is noted ends with it. */
export async function noteRowsBefore(
  session: Session,
  { tables, written }: NoteRowsOptions,
): Promise<RowsBefore> {
  const shapes = await readShapes(session);
  const bytes = await readBytes(session);
  const sizeOf = ({ oid }: Shape) => bytes.get(oid) ?? 0;
  const noted = [...shapes.values()].filter(
    (shape) =>
      shape.kind === 'r' &&
      shape.isReadable &&
      sizeOf(shape) > 0 &&
      (written.has(shape.name) || (sizeOf(shape) <= large && tables.includes(shape.name))),
  );
  await withPlainText(session, async () => {
    for (const [number, shape] of noted.entries()) {
      const key = shape.columns.filter(({ isKey }) => isKey);
      await session.query(
        `create temporary table ${was(number)} on commit drop as
         select ${rowOf(shape.columns)} as content, ${key.length === 0 ? 'null::text' : rowOf(key)} as key
         from only ${shape.relation} as t`,
      );
    }
  });
  return { shapes, bytes, noted };
}

export interface NoteRowsOptions {
  /** Whose rows are noted where they are small. */
  readonly tables: readonly string[];
  /** Of which an earlier attempt has shown that it writes into them. */
  readonly written: ReadonlySet<string>;
}

/**
 * In the same transaction, after the fix and before anything is tried out: the rows are in `pg_temp.schema_fix_changed`. Whatever
 * of their own tables the fix hides from their owner is read. Throws `RowsNotNoted` for tables that were written into and not noted.
 */
export async function compareRows(
  session: Session,
  { shapes, bytes, noted }: RowsBefore,
): Promise<RowsChanged> {
  const now = await readShapes(session);
  await session.query(
    'create temporary table schema_fix_changed (table_number int4, side text, key text, content text) on commit drop',
  );
  const byOid = new Map([...now.values()].map((shape) => [shape.oid, shape]));
  const find = (before: Shape) => byOid.get(before.oid) ?? now.get(before.name) ?? null;
  const befores = [...shapes.values()].filter(({ kind }) => kind === 'r');
  const changed = befores.filter((before) => {
    const after = find(before);
    return after === null || after.oid !== before.oid || !isUnwritten(before, after);
  });
  const hasRows = ({ oid }: Shape) => (bytes.get(oid) ?? 0) > 0;
  const unnoted = changed.filter((shape) => hasRows(shape) && !noted.includes(shape));
  const unreadable = unnoted.filter(({ isReadable }) => !isReadable);
  if (unnoted.length > unreadable.length)
    throw new RowsNotNoted(unnoted.filter(({ isReadable }) => isReadable).map(({ name }) => name));

  const pairs = changed
    .filter((before) => !unreadable.includes(before))
    .map((before) => ({ before, after: find(before) }));
  const known = new Set(befores.flatMap((before) => find(before)?.oid ?? []));
  const made = [...now.values()].filter(({ kind, oid }) => kind === 'r' && !known.has(oid));
  const read = [...pairs.flatMap(({ after }) => after ?? []), ...made].map(({ name }) => name);
  const tables: RecordedTable[] = [];
  await withOwnersView(session, read, () =>
    withPlainText(session, async () => {
      for (const { before, after } of pairs) {
        const table = describe(tables.length, before, after);
        await noteChanged(session, table, { before, after, number: noted.indexOf(before) });
        tables.push(table);
      }
      for (const shape of made) {
        const table = describe(tables.length, null, shape);
        await noteMade(session, table, shape);
        tables.push(table);
      }
    }),
  );
  return {
    digest: await digestChanged(session),
    tables,
    obstacles: unreadable.map(
      ({ name }) => `the rows of ${name}: the deployer may not read them, so nobody knows which were changed`,
    ),
  };
}

/** SQL over recorded rows `w`, in any order. */
export const digestOfRows = `pg_catalog.concat_ws(' ', count(*), sum(pg_catalog.hashtextextended(
    pg_catalog.concat_ws('|', w.table_number, w.side, coalesce(w.key, '-'), w.content), 0)))`;

export async function digestChanged(session: Session): Promise<string> {
  const { rows } = await session.query<{ digest: string }>(
    `select ${digestOfRows} as digest from pg_temp.schema_fix_changed as w`,
  );
  return rows[0]?.digest ?? '';
}

/** Table → bytes of its rows, without indexes. */
async function readBytes(session: Session): Promise<ReadonlyMap<string, number>> {
  const { rows } = await session.query<{ oid: string; bytes: string }>(
    `select c.oid::pg_catalog.text as oid, pg_catalog.pg_table_size(c.oid)::pg_catalog.text as bytes
     from pg_catalog.pg_class as c
     where c.relkind = 'r' and c.oid >= 16384`,
  );
  return new Map(rows.map(({ oid, bytes }) => [oid, Number(bytes)]));
}

/** Which rows are there no more as they were, and which are new: of equal ones so many as there are more, or fewer. */
async function noteChanged(
  session: Session,
  { number: table, key, after: became }: RecordedTable,
  {
    before,
    after,
    number,
  }: { readonly before: Shape; readonly after: Shape | null; readonly number: number },
): Promise<void> {
  const noted =
    number < 0
      ? 'select null::text as key, null::text as content where false'
      : `select key, content from pg_temp.${was(number)}`;
  if (after === null || became === null) {
    await session.query(
      `insert into pg_temp.schema_fix_changed select ${table}, 'was', key, content from (${noted}) as b`,
    );
    return;
  }
  const mapped = before.columns.map((column) => counterpart(before, after, column));
  const now = `select ${mapped.length === 0 ? "''" : `row(${mapped.map((name) => (name === null ? 'null' : `t.${quoteIdentifier(name)}`)).join(', ')})::text`} as content,
      ${key.length === 0 ? 'null::text' : `row(${key.map((pair) => `t.${pair.after}`).join(', ')})::text`} as key,
      pg_catalog.md5(${rowOf(after.columns)}) as digest
    from only ${after.relation} as t`;
  await session.query(
    `create temporary table schema_fix_now on commit drop as
     select *, row_number() over (partition by content) as copy from (${now}) as a`,
  );
  await session.query(
    `create temporary table schema_fix_then on commit drop as
     select *, row_number() over (partition by content) as copy from (${noted}) as b`,
  );
  await session.query(
    `insert into pg_temp.schema_fix_changed
     select ${table}, 'was', b.key, b.content
     from pg_temp.schema_fix_then as b
     where not exists (select from pg_temp.schema_fix_now as a where a.content = b.content and a.copy = b.copy)
     union all
     select ${table}, 'became', a.key, a.digest
     from pg_temp.schema_fix_now as a
     where not exists (select from pg_temp.schema_fix_then as b where b.content = a.content and b.copy = a.copy)`,
  );
  await session.query('drop table pg_temp.schema_fix_now, pg_temp.schema_fix_then');
}

async function noteMade(session: Session, { number }: RecordedTable, made: Shape): Promise<void> {
  await session.query(
    `insert into pg_temp.schema_fix_changed
     select ${number}, 'became', null, pg_catalog.md5(${rowOf(made.columns)}) from only ${made.relation} as t`,
  );
}

function describe(number: number, before: Shape | null, after: Shape | null): RecordedTable {
  const sideOf = (shape: Shape | null) =>
    shape === null
      ? null
      : {
          relation: shape.relation,
          columns: shape.columns.map(({ name, type, isGenerated }) => ({ name, type, isGenerated })),
        };
  const pairs =
    before === null || after === null
      ? []
      : before.columns
          .filter(({ isKey }) => isKey)
          .map((column) => ({ before: column.name, after: counterpart(before, after, column) }));
  const key = pairs.flatMap(({ before: old, after: now }) =>
    now === null ? [] : [{ before: quoteIdentifier(old), after: quoteIdentifier(now) }],
  );
  return {
    number,
    before: sideOf(before),
    after: sideOf(after),
    key: key.length === pairs.length ? key : [],
  };
}

/** The same column under whatever name; of a table that was made again, the one of its name. */
export function counterpart(before: Shape, after: Shape, column: Shape['columns'][number]): string | null {
  const found = after.columns.find((other) =>
    before.oid === after.oid ? other.number === column.number : other.name === column.name,
  );
  return found?.name ?? null;
}

/** The text of a row, by the output functions of its types alone: no cast of anybody's is asked. */
export function rowOf(columns: readonly { readonly name: string }[]): string {
  if (columns.length === 0) return "''";
  return `row(${columns.map(({ name }) => `t.${quoteIdentifier(name)}`).join(', ')})::text`;
}

/** The same of one value. */
export function textOf(name: string): string {
  const column = `t.${quoteIdentifier(name)}`;
  return `case when ${column} is not null then pg_catalog.format('%s', ${column}) end`;
}

function was(number: number): string {
  return `schema_fix_was_${number}`;
}
