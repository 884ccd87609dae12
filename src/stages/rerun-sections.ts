/** The fix applied a second time → what that changed, which must be nothing. */
import { engineSql } from '../database/engine-sql.js';
import { differences, type Fingerprint, fingerprintData, readDefinitions } from '../database/fingerprint.js';
import { withOwnersView } from '../database/owners-view.js';
import type { Session } from '../database/with-session.js';
import type { Bundle, RerunResult, Section, SqlProblem } from '../model.js';
import { applySections } from './apply-sections.js';
import { dropPrelude, makePrelude } from './prelude.js';
import { readShapes } from './preservation/read-shapes.js';
import { setSettings } from './set-settings.js';

export interface RerunOptions {
  /** Whether a table that this transaction has not written into need not be read again. */
  readonly trustsCounters: boolean;
  /** What the fix has left, where that was read: whatever else is there now is a change, too. */
  readonly definitions: ReadonlyMap<string, string> | null;
}

/** Within the open transaction, on a database that the fix was applied to. */
export async function rerunSections(
  session: Session,
  bundle: Bundle,
  sections: readonly Section[],
  { trustsCounters, definitions }: RerunOptions,
): Promise<RerunResult> {
  const tables = bundle.quarantine === null ? bundle.tables : [...bundle.tables, bundle.quarantine];
  const catalog = definitions ?? (await readDefinitions(session));
  const readData = () =>
    trustsCounters
      ? readStorage(session)
      : withOwnersView(session, tables, () => fingerprintData(session, tables));
  const data = await readData();
  const writtenBefore = await countWritten(session);

  const problem = await applyAgain(session, bundle, sections);
  if (problem !== null)
    return { outcome: 'fail', changedObjects: [], changedTables: [], rowsWritten: 0, problem };

  const rowsWritten = (await countWritten(session)) - writtenBefore;
  const changedObjects = differences(catalog, await readDefinitions(session));
  const changedTables = differences(data, await readData());
  const isUnchanged = rowsWritten === 0 && changedObjects.length === 0 && changedTables.length === 0;
  return {
    outcome: isUnchanged ? 'pass' : 'fail',
    changedObjects,
    changedTables,
    rowsWritten,
    problem: null,
  };
}

/** Where a table's rows are, and how many this transaction has written: the same before and after is the same rows. */
async function readStorage(session: Session): Promise<Fingerprint> {
  const shapes = await readShapes(session);
  return new Map(
    [...shapes].flatMap(([name, { kind, oid, file, written }]) =>
      // Filled once more it holds what it held.
      kind === 'm' ? [] : [[name, JSON.stringify([oid, file, written])]],
    ),
  );
}

/** Prelude and all, as a second deployment would. Returns what went wrong, or null. */
export async function applyAgain(
  session: Session,
  bundle: Bundle,
  sections: readonly Section[],
): Promise<SqlProblem | null> {
  await setSettings(session, bundle);
  const unmade = await makePrelude(session, bundle);
  if (unmade !== null) return unmade;
  const { problem } = await applySections(session, sections, () => undefined);
  return problem ?? dropPrelude(session, bundle);
}

async function countWritten(session: Session): Promise<number> {
  const { rows } = await session.query<{ rows_written: string }>(engineSql('rows_written'));
  return Number(rows[0]?.rows_written);
}
