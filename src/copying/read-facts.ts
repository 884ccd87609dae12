/** A session that is in a transaction → everything its catalog says, as pg-delta's facts. */
import type { ExtractResult, extract } from '@supabase/pg-delta/extract';
import type { Session } from '../database/with-session.js';

/** pg-delta would begin a transaction and end it: here there is one, which goes on. */
const ofTransaction = /^\s*(begin|commit|rollback)\b/i;

/** Its comments hold signs for which a database of another encoding has none. */
const inAscii = (text: string) => text.replace(/\P{ASCII}/gu, '?');

export async function readFacts(session: Session, read: typeof extract): Promise<ExtractResult> {
  const client = {
    query: async (text: string, values?: unknown[]) =>
      ofTransaction.test(text) ? { rows: [], rowCount: 0 } : session.query(inAscii(text), values),
    release: () => undefined,
  };
  return read({ connect: async () => client } as unknown as Parameters<typeof extract>[0]);
}
