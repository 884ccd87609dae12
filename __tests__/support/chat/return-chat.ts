/** A state rehearsed with its rollback; and what a database is like, definition by definition and row by row. */
import { type Fingerprint, readDefinitions } from '../../../src/database/fingerprint.js';
import type { ThrowawayDatabases } from '../../../src/database/throwaway-databases.js';
import type { Session } from '../../../src/database/with-session.js';
import type { Bundle, RollbackResult, State } from '../../../src/model.js';
import { plain } from '../../../src/stages/history/compare-with-before.js';
import { fingerprintRows } from '../../../src/stages/history/fingerprint-rows.js';
import { rehearseState } from '../../../src/stages/rehearse-state.js';
import { limits } from '../limits.js';

/** Every definition and every row, as they count. */
export async function lookAt(session: Session): Promise<Fingerprint> {
  const definitions = await readDefinitions(session);
  const rows = await fingerprintRows(session);
  return new Map([
    ...[...definitions].map(([object, text]) => [object, plain(object, text) ?? ''] as const),
    ...[...rows].map(([table, told]) => [`rows of ${table}`, `${told.rows} ${told.digest}`] as const),
  ]);
}

/** Throws where there was nothing to roll back. */
export async function returnChat(
  databases: ThrowawayDatabases,
  bundle: Bundle,
  state: State,
): Promise<RollbackResult> {
  const { rollback, problem } = await rehearseState(databases, bundle, state, {
    sections: bundle.sections,
    ...limits,
    isStrict: false,
    isTrusted: true,
    rollsBack: true,
    progress: () => undefined,
  });
  if (rollback === undefined || rollback.outcome === 'skipped')
    throw new Error(`${state.name}: ${problem?.message ?? rollback?.reason}`);
  return rollback;
}
