/** A bundle → the same without the tables that are somebody else's in this database, as its prelude tells them apart. */
import type { Session } from '../database/with-session.js';
import { withSavepoint } from '../database/with-transaction.js';
import type { Bundle } from '../model.js';
import { askManifest } from './place-in-manifest.js';

/**
 * To be called in the open transaction, after the prelude. A table that is not claimed is compared like anybody's: not a row
 * of it may differ. Throws a SqlError where the query fails.
 */
export async function narrowBundle(session: Session, bundle: Bundle): Promise<Bundle> {
  if (bundle.claims === null) return bundle;
  const asked = { path: 'bundle.yml, claims', query: bundle.claims };
  const result = await withSavepoint(session, () => askManifest(session, bundle, asked));
  const rows: readonly Record<string, string | null>[] = result?.rows ?? [];
  const claimed = new Set(rows.map((row) => Object.values(row)[0]));
  const isClaimed = (table: string) => claimed.has(table);
  return {
    ...bundle,
    tables: bundle.tables.filter(isClaimed),
    preserve: bundle.preserve
      .map((preserved) => ({ ...preserved, from: preserved.from.filter(isClaimed) }))
      .filter(({ from }) => from.length > 0),
  };
}
