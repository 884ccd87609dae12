/** Every table that can be read → how many rows, and a digest of them all, whatever the order of rows and columns. */
import type { Session } from '../../src/database/with-session.js';
import { historySchema } from '../../src/stages/history/history-schema.js';
import { rowOf } from '../../src/stages/history/note-rows.js';
import { readShapes } from '../../src/stages/preservation/read-shapes.js';
import { withPlainText } from '../../src/stages/preservation/with-plain-text.js';

export interface RowsDigest {
  readonly rows: number;
  readonly digest: string;
}

export async function fingerprintRows(session: Session): Promise<ReadonlyMap<string, RowsDigest>> {
  const shapes = [...(await readShapes(session)).values()].filter(
    ({ name, kind, isReadable }) => kind === 'r' && isReadable && !name.startsWith(`${historySchema}.`),
  );
  if (shapes.length === 0) return new Map();
  const queries = shapes.map(({ relation, columns }, index) => {
    const sorted = [...columns].sort((one, other) => (one.name < other.name ? -1 : 1));
    return `select ${index} as place, count(*)::text as rows, sum(pg_catalog.hashtextextended(${rowOf(sorted)}, 0))::text as digest
      from only ${relation} as t`;
  });
  return withPlainText(session, async () => {
    const { rows } = await session.query<{ place: number; rows: string; digest: string | null }>(
      queries.join('\nunion all\n'),
    );
    return new Map(
      rows.map(({ place, rows: count, digest }) => [
        shapes[place]?.name ?? '',
        { rows: Number(count), digest: digest ?? '' },
      ]),
    );
  });
}
