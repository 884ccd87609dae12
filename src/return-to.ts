/** Settings of a rollback, or of what is recorded → the work, and the text that says what came of it. */
import { counted } from './counted.js';
import type { Fate } from './database/commit.js';
import { CommitUnknown } from './errors.js';
import { assertWritable, writeFileOf, writeFiles } from './publish/files.js';
import type { ReportContext } from './report/comment/footer.js';
import { renderHistory } from './report/render-history.js';
import { renderRollback, renderRollbackScript, tellRollback, tellUnknown } from './report/render-rollback.js';
import {
  describeForgotten,
  describeHistory,
  describeRollback,
  describeUnknown,
} from './report/watch/describe-return.js';
import type { Page } from './report/watch/page.js';
import { renderPage } from './report/watch/render-markdown.js';
import type { HistorySettings, ReportFiles, ReturnSettings, RollbackSettings } from './settings/settings.js';
import { forgetHistory, listHistory } from './stages/history/list-history.js';
import { rollBackTarget } from './stages/history/roll-back-target.js';
import { assertTakesWrites } from './stages/inspect-way.js';
import { readIdentity } from './stages/read-identity.js';
import { type WayOptions, withTarget } from './stages/with-target.js';

export interface Returned {
  readonly text: string;
  /** The same, for GitHub. */
  readonly page: Page;
  /** Whether what was asked for was done. */
  readonly isDone: boolean;
  /** Whether the database was changed. */
  readonly committed: Fate;
}

export async function returnTo(settings: ReturnSettings, options: WayOptions): Promise<Returned> {
  const toSql = settings.command === 'rollback' ? settings.toSql : null;
  await assertWritable({ ...filesOf(settings), 'to-sql': toSql });
  return settings.command === 'rollback' ? goBack(settings, options) : tellHistory(settings, options);
}

/** Throws a UserError where it could not be written. */
export async function writeReturnFile(
  settings: ReturnSettings,
  { page }: Returned,
  context: ReportContext | null,
): Promise<void> {
  await writeFiles(filesOf(settings), {
    json: () => '',
    markdown: () => renderPage(page, { context, budget: null }),
    html: () => '',
    junit: () => '',
  });
}

function filesOf({ markdown }: ReturnSettings): ReportFiles {
  return { json: null, markdown, html: null, junit: null };
}

async function goBack(settings: RollbackSettings, options: WayOptions): Promise<Returned> {
  const { toSql } = settings;
  return withTarget(settings, options, async (target) => {
    const { session, connection, keeping } = target;
    const known = await assertTakesWrites('rollback', target);
    const identity = await readIdentity(session, connection);
    const rollback = await orUnknown(rollBackTarget(session, identity, { ...settings, keeping }));
    if (rollback instanceof CommitUnknown) return sayUnknown(rollback, identity.place);
    const told = tellRollback(rollback, { place: identity.place, toSql, known });
    if (toSql !== null && told.isDone) {
      await writeFileOf('to-sql', toSql, renderRollbackScript(rollback, identity.place));
    }
    return {
      text: renderRollback(told),
      page: describeRollback(told),
      isDone: told.isDone,
      committed: rollback.isKept ? 'yes' : 'no',
    };
  });
}

async function tellHistory(settings: HistorySettings, options: WayOptions): Promise<Returned> {
  return withTarget(settings, options, async (target) => {
    const { session, connection, keeping } = target;
    const { place } = await readIdentity(session, connection);
    if (settings.forget === null) {
      const entries = await listHistory(session);
      return {
        text: renderHistory(entries, place),
        page: describeHistory(entries, place),
        isDone: true,
        committed: 'no',
      };
    }
    const known = await assertTakesWrites('forget', target);
    const count = await orUnknown(forgetHistory(session, settings.forget, keeping));
    if (count instanceof CommitUnknown) return sayUnknown(count, place);
    const sentence = `Removed what was recorded of ${counted(count, 'run')} in ${place}. What was removed cannot be rolled back any more.`;
    return {
      text: [sentence, ...known, ''].join('\n'),
      page: describeForgotten(sentence, known),
      isDone: true,
      committed: 'yes',
    };
  });
}

function orUnknown<T>(work: Promise<T>): Promise<T | CommitUnknown> {
  return work.catch((error: unknown) => {
    if (error instanceof CommitUnknown) return error;
    throw error;
  });
}

function sayUnknown({ problem }: CommitUnknown, place: string): Returned {
  const told = tellUnknown(problem, place);
  return { text: renderRollback(told), page: describeUnknown(told), isDone: false, committed: 'unknown' };
}
