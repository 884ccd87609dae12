/** Every table that can be read → how many rows, and digests of them, whatever the order of rows and columns. */
import type { Session } from '../../database/with-session.js';
import { withPlainText } from '../preservation/with-plain-text.js';
import { readTables } from './all-rows.js';
import { rowOf } from './note-rows.js';

export interface RowsDigest {
  readonly rows: number;
  /** Of all of them. */
  readonly digest: string;
  /** Of each, sorted; null: of so many only the sum was taken. */
  readonly each: readonly string[] | null;
}

export type RowsFingerprint = ReadonlyMap<string, RowsDigest>;

/** Rows of one table that are told one by one. */
const most = 200_000;

export async function fingerprintRows(session: Session): Promise<RowsFingerprint> {
  const shapes = await readTables(session);
  if (shapes.length === 0) return new Map();
  const queries = shapes.map(({ relation, columns }, index) => {
    const sorted = [...columns].sort((one, other) => (one.name < other.name ? -1 : 1));
    return `select
        ${index} as place, count(*)::text as rows, sum(d.digest)::text as digest,
        case when count(*) <= ${most} then pg_catalog.string_agg(d.digest::text, ' ' order by d.digest) end as each
      from (select pg_catalog.hashtextextended(${rowOf(sorted)}, 0) as digest from only ${relation} as t) as d`;
  });
  return withPlainText(session, async () => {
    const { rows } = await session.query<{
      place: number;
      rows: string;
      digest: string | null;
      each: string | null;
    }>(queries.join('\nunion all\n'));
    return new Map(
      rows.map(({ place, rows: count, digest, each }) => [
        shapes[place]?.name ?? '',
        {
          rows: Number(count),
          digest: digest ?? '',
          each: Number(count) > most ? null : (each?.split(' ') ?? []),
        },
      ]),
    );
  });
}

/** How many of the first are among the second. Where only sums are known, and differ, as many as there can be. */
export function countFound(before: RowsFingerprint, after: RowsFingerprint): number {
  return [...before].reduce((sum, [table, then]) => sum + foundOf(then, after.get(table)), 0);
}

function foundOf(before: RowsDigest, after: RowsDigest | undefined): number {
  if (after === undefined) return 0;
  if (before.rows === after.rows && before.digest === after.digest) return before.rows;
  if (before.each === null || after.each === null) return Math.min(before.rows, after.rows);
  const left = new Map<string, number>();
  for (const digest of after.each) left.set(digest, (left.get(digest) ?? 0) + 1);
  return before.each.filter((digest) => {
    const copies = left.get(digest) ?? 0;
    left.set(digest, copies - 1);
    return copies > 0;
  }).length;
}
