/** What belongs to the whole server → what of it this transaction has written: whatever else differs there, others have changed. */
import { engineSql } from '../../database/engine-sql.js';
import type { Session } from '../../database/with-session.js';

/** Kind of an object, or the catalog where no kind tells it → how often one was written. */
export type ServerWrites = ReadonlyMap<string, string>;

export async function countServerWrites(session: Session): Promise<ServerWrites> {
  const { rows } = await session.query<{ kind: string; written: string }>(engineSql('server_writes'));
  return new Map(rows.map(({ kind, written }) => [kind, written]));
}

/** Whether a difference in what is of this kind, or of this catalog, can be ours. */
export function mayBeOurs(kind: string, before: ServerWrites, after: ServerWrites): boolean {
  return !before.has(kind) || before.get(kind) !== after.get(kind);
}
