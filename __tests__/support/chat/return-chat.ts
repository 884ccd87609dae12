/** A state with the fix applied → the database rolled back, compared with what it was, and the fix applied again. */
import { differences, type Fingerprint, readDefinitions } from '../../../src/database/fingerprint.js';
import type { Session } from '../../../src/database/with-session.js';
import { withTransaction } from '../../../src/database/with-transaction.js';
import type { Bundle } from '../../../src/model.js';
import { plain } from '../../../src/stages/history/compare-with-before.js';
import { fingerprintRows } from '../../../src/stages/history/fingerprint-rows.js';
import {
  compareRows,
  findWayBack,
  noteDefinitions,
  noteRows,
} from '../../../src/stages/history/note-deployment.js';
import { rollBack } from '../../../src/stages/history/roll-back.js';
import { runChecks } from '../../../src/stages/run-checks.js';
import { applyBundle } from '../apply-bundle.js';

/** Every definition and every row, as they count. */
export async function lookAt(session: Session): Promise<Fingerprint> {
  const definitions = await readDefinitions(session);
  const rows = await fingerprintRows(session);
  return new Map([
    ...[...definitions].map(([object, text]) => [object, plain(object, text) ?? ''] as const),
    ...[...rows].map(([table, told]) => [`rows of ${table}`, `${told.rows} ${told.digest}`] as const),
  ]);
}

export interface ReturnedChat {
  /** What stands in the way. */
  readonly obstacles: readonly string[];
  /** What stays, and what is not as it was. */
  readonly kept: readonly string[];
  readonly remains: readonly string[];
  /** Checks that fail when the fix is applied again. */
  readonly failing: readonly number[];
}

/** `use` is what the application does between the deployment and the rollback. */
export function returnChat(
  session: Session,
  bundle: Bundle,
  use: () => Promise<unknown> = async () => undefined,
): Promise<ReturnedChat> {
  return withTransaction(session, async () => {
    const before = await noteDefinitions(session);
    const first = await lookAt(session);
    const rows = await noteRows(session, bundle, { written: new Set(), all: true });
    await applyBundle(session, bundle);
    const changed = await compareRows(session, bundle, rows);
    const way = await findWayBack(session, before, {
      definitions: await readDefinitions(session),
      rows: changed,
    });
    await use();
    const done = await rollBack(session, way, {
      source: 'pg_temp.schema_fix_changed',
      choices: { keepsNewRows: false, keysNotValid: false },
      run: null,
    });
    const obstacles = done.obstacles.map(({ what }) => what);
    if (obstacles.length > 0) return { obstacles, kept: [], remains: [], failing: [] };
    const remains = differences(first, await lookAt(session));
    await applyBundle(session, bundle);
    const checks = await runChecks(session, bundle);
    const failing = checks.flatMap(({ outcome }, index) => (outcome === 'pass' ? [] : [index + 1]));
    return { obstacles, kept: done.kept, remains, failing };
  });
}
