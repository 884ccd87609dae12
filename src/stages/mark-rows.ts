/** Tables into which others write → a mark of the rows that each holds; and later, those that hold other rows. */
import type { Session } from '../database/with-session.js';
import type { Shape } from './preservation/read-shapes.js';

export interface Marks {
  /** The age of the oldest transaction that was open when the first mark was made. Of the rows of older ones there can only be fewer. */
  readonly horizon: number;
  readonly tables: readonly MarkedTable[];
  /** By a table's number. */
  readonly marks: ReadonlyMap<string, string>;
}

type MarkedTable = Pick<Shape, 'oid' | 'relation'>;

/** To be called before the rows are read, in the same transaction. Whoever has read a table keeps others from defining it otherwise. */
export async function markRows(session: Session, tables: readonly MarkedTable[]): Promise<Marks> {
  const { rows } = await session.query<{ horizon: number }>(
    `select pg_catalog.age(
         pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot())::pg_catalog.xid
     ) as horizon`,
  );
  const horizon = rows[0]?.horizon ?? 0;
  return { horizon, tables, marks: await readMarks(session, { horizon, tables }) };
}

/** The numbers of the tables whose rows are those that were marked. */
export async function findUntouched(session: Session, marked: Marks): Promise<ReadonlySet<string>> {
  const now = await readMarks(session, marked);
  return new Set([...now].filter(([oid, mark]) => marked.marks.get(oid) === mark).map(([oid]) => oid));
}

/**
 * Older rows are counted: one that was changed is no older row any more. Of the others each is told, by its place and the transaction
 * that wrote it there.
 */
async function readMarks(
  session: Session,
  { horizon, tables }: Pick<Marks, 'horizon' | 'tables'>,
): Promise<ReadonlyMap<string, string>> {
  if (tables.length === 0) return new Map();
  const isOlder = `pg_catalog.age(t.xmin) > ${horizon}`;
  const { rows } = await session.query<{ oid: string; mark: string }>(
    tables
      .map(
        ({ oid, relation }) =>
          `select '${oid}' as oid, pg_catalog.concat_ws(' ',
             count(*), count(*) filter (where ${isOlder}),
             sum(pg_catalog.hashtextextended(pg_catalog.concat_ws(' ', t.ctid, t.xmin), 0)) filter (where not ${isOlder})
         ) as mark from only ${relation} as t`,
      )
      .join(' union all '),
  );
  return new Map(rows.map(({ oid, mark }) => [oid, mark]));
}
