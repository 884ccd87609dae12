/** The whole fix in the open transaction, with its prelude made and dropped; throws where a section fails. */
import type { Session } from '../../src/database/with-session.js';
import type { Bundle, SqlProblem } from '../../src/model.js';
import { applySections } from '../../src/stages/apply-sections.js';
import { dropPrelude, makePrelude } from '../../src/stages/prelude.js';
import { setSettings } from '../../src/stages/set-settings.js';

export async function applyBundle(session: Session, bundle: Bundle): Promise<void> {
  const problem = await tryBundle(session, bundle);
  if (problem !== null) throw new Error(`${problem.path}:${problem.line}: ${problem.message}`);
}

/** Returns what went wrong, or null. */
export async function tryBundle(session: Session, bundle: Bundle): Promise<SqlProblem | null> {
  await setSettings(session, bundle);
  const notMade = await makePrelude(session, bundle);
  if (notMade !== null) return notMade;
  const { problem } = await applySections(session, bundle.sections, () => undefined);
  return problem ?? dropPrelude(session, bundle);
}
