/** Rows as pg_dump writes them → a table, by COPY: as they come, however many. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from } from 'pg-copy-streams';
import type { Session } from './with-session.js';

/** Returns how many there were. `statement` is `copy … from stdin`; throws what the server refuses. */
export async function copyRows(
  session: Session,
  statement: string,
  rows: AsyncIterable<string>,
): Promise<number> {
  const copy = session.query(from(statement));
  await pipeline(Readable.from(rows), copy);
  return copy.rowCount;
}
