/** A database of our own → every definition as it counts, and every row: what it is compared by with itself at another time. */
import { readDefinitions } from '../../database/fingerprint.js';
import type { Session } from '../../database/with-session.js';
import { withAllRows } from './all-rows.js';
import { plain } from './compare-with-before.js';
import { fingerprintRows, type RowsFingerprint } from './fingerprint-rows.js';
import { withoutHistory } from './history-schema.js';

export interface Look {
  readonly definitions: ReadonlyMap<string, string>;
  readonly rows: RowsFingerprint;
}

/** Within an open transaction. */
export async function lookAtAll(session: Session): Promise<Look> {
  const definitions = withoutHistory(await readDefinitions(session));
  return {
    definitions: new Map([...definitions].map(([object, text]) => [object, plain(object, text) ?? ''])),
    rows: await withAllRows(session, () => fingerprintRows(session)),
  };
}
