/** A state, or the files of `before` → the database of a rehearsal as it is before the fix. */
import { quoteIdentifier } from '../database/quote.js';
import { runFile } from '../database/run-file.js';
import type { Connection, Session } from '../database/with-session.js';
import { withTransaction } from '../database/with-transaction.js';
import { SqlError, TransactionEnded } from '../errors.js';
import { type LoadOptions, loadFiles } from '../loading/load-files.js';
import type { Bundle, Skipped, State, SubjectResult } from '../model.js';

type Built = Pick<SubjectResult, 'loading' | 'problem'>;

/** What somebody brings instead of a state. `connection` is a superuser's. */
export async function buildBefore(
  connection: Connection,
  bundle: Bundle,
  state: State,
  options: Pick<LoadOptions, 'login' | 'isStrict' | 'signal'>,
): Promise<Built> {
  const platform = state.platform ?? bundle.platform;
  const standIns = bundle.platforms.find(({ name }) => name === platform)?.standIns ?? [];
  const { leftAlone } = state;
  const fix = textsOf(bundle);
  const built = await loadFiles(connection, state.before, { ...options, fix, standIns, leftAlone });
  return { ...built, loading: { ...built.loading, ...(leftAlone !== undefined && { leftAlone }) } };
}

/**
 * A state of the bundle, all of it or nothing. It begins as the deployer, and may become whoever logged in: the caller closes
 * the session, so that nothing of what was set or may be done in it is left.
 */
export async function buildState(session: Session, files: State['files'], deployer: string): Promise<Built> {
  const loading: Skipped = {
    outcome: 'skipped',
    reason: 'a state of the bundle is loaded whole or not at all',
  };
  await session.query(`set role ${quoteIdentifier(deployer)}`);
  try {
    await withTransaction(session, async () => {
      for (const file of files) await runFile(session, file);
    });
    return { loading, problem: null };
  } catch (error: unknown) {
    if (!(error instanceof SqlError || error instanceof TransactionEnded)) throw error;
    return { loading, problem: error.problem };
  }
}

/** By which it is told whether the fix can meet what could not be loaded. */
function textsOf({ sections, checks, scenarios }: Bundle): string[] {
  const files = sections.flatMap(({ file, parts }) => [file, ...parts]);
  return [...files, ...checks.map(({ file }) => file), ...scenarios.map(({ file }) => file)].map(
    ({ text }) => text,
  );
}
