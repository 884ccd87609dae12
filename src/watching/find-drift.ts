/** The definitions of a database, and those that its last deployment left → what has changed in between. */
import { readDefinitions } from '../database/fingerprint.js';
import type { Session } from '../database/with-session.js';
import type { Bundle } from '../model.js';
import { compareDefinitions } from '../stages/compare-definitions.js';
import { withoutHistory } from '../stages/history/history-schema.js';
import type { DriftResult } from '../watched.js';
import { readRecord } from './read-record.js';

/** Must be called within a transaction. */
export async function findDrift(session: Session, bundle: Bundle): Promise<DriftResult> {
  const record = await readRecord(session);
  if (record.kind === 'unknown') return record;
  const now = withoutHistory(await readDefinitions(session));
  const changedByFix = new Set(compareDefinitions(record.before, record.after).map(({ object }) => object));
  const speaksOfTables = createTableFinder(bundle.tables);
  const changes = compareDefinitions(record.after, now).map((change) => ({
    ...change,
    isOfFix:
      changedByFix.has(change.object) ||
      speaksOfTables(`${change.object}\n${change.before ?? ''}\n${change.after ?? ''}`),
  }));
  return {
    kind: 'compared',
    recordedAt: record.at.toISOString(),
    at: new Date().toISOString(),
    bundle: record.bundle,
    objects: now.size,
    // What is the fix's comes first.
    changes: [...changes.filter(({ isOfFix }) => isOfFix), ...changes.filter(({ isOfFix }) => !isOfFix)],
  };
}

/** A body may leave out the schema: the name alone will do. */
function createTableFinder(tables: readonly string[]): (text: string) => boolean {
  const names = tables.map((table) => (table.split('.')[1] ?? table).replaceAll('$', '\\$'));
  const pattern = new RegExp(`(?<![\\w$])(?:${names.join('|')})(?![\\w$])`);
  return (text) => pattern.test(text);
}
