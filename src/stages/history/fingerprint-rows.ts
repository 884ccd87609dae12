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

/** What is left of the rows of the start where somebody has changed or deleted some since; `more`: of so many nobody knows as which they began, the fix had changed them. */
export interface Untouched {
  readonly rows: RowsFingerprint;
  readonly more: number;
}

/** `deployed`: after the fix; `used`: after somebody went on with it. */
export function withoutTouched(
  start: RowsFingerprint,
  { deployed, used }: { readonly deployed: RowsFingerprint; readonly used: RowsFingerprint },
): Untouched {
  let more = 0;
  const rows = new Map(start);
  for (const [table, then] of deployed) {
    const touched = missingOf(then, used.get(table));
    const first = rows.get(table);
    if (touched.length === 0) continue;
    const left = first?.each === undefined || first.each === null ? [] : [...first.each];
    for (const digest of touched) {
      const place = left.indexOf(digest);
      if (place < 0) more += 1;
      else left.splice(place, 1);
    }
    if (first !== undefined && first.each !== null && left.length < first.each.length)
      rows.set(table, { rows: left.length, digest: '', each: left });
  }
  return { rows, more };
}

/** Digests of those that are not there any more. */
function missingOf(before: RowsDigest, after: RowsDigest | undefined): string[] {
  if (before.digest === after?.digest && before.rows === after.rows) return [];
  // Of a sum nobody knows which.
  if (before.each === null || after?.each === null)
    return Array<string>(Math.max(0, before.rows - foundOf(before, after))).fill('');
  const left = new Map<string, number>();
  for (const digest of after?.each ?? []) left.set(digest, (left.get(digest) ?? 0) + 1);
  return before.each.filter((digest) => {
    const copies = left.get(digest) ?? 0;
    left.set(digest, copies - 1);
    return copies <= 0;
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
  return before.rows - missingOf(before, after).length;
}
