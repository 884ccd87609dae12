/** Settings of a rollback, or of what is recorded → the work, and the text that says what came of it. */
import { writeFile } from 'node:fs/promises';
import { UserError } from './errors.js';
import { renderHistory } from './report/render-history.js';
import { renderRollback, renderRollbackScript } from './report/render-rollback.js';
import type { HistorySettings, ReturnSettings, RollbackSettings } from './settings/settings.js';
import { forgetHistory, listHistory } from './stages/history/list-history.js';
import { rollBackTarget } from './stages/history/roll-back-target.js';
import { readIdentity } from './stages/read-identity.js';
import { withTarget } from './stages/with-target.js';

export interface Returned {
  readonly text: string;
  /** Whether what was asked for was done. */
  readonly isDone: boolean;
}

export function returnTo(
  settings: ReturnSettings,
  options: { readonly signal: AbortSignal },
): Promise<Returned> {
  return settings.command === 'rollback' ? goBack(settings, options) : tellHistory(settings, options);
}

async function goBack(
  settings: RollbackSettings,
  options: { readonly signal: AbortSignal },
): Promise<Returned> {
  const { toSql } = settings;
  return withTarget(settings, options, async ({ session, connection }) => {
    const identity = await readIdentity(session, connection);
    const rollback = await rollBackTarget(session, identity, settings);
    const isRefused = rollback.obstacles.length > 0;
    if (toSql !== null && !isRefused) {
      await write(toSql, renderRollbackScript(rollback, identity.place));
    }
    return { text: renderRollback(rollback, { place: identity.place, toSql }), isDone: !isRefused };
  });
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error: unknown) {
    throw new UserError(
      `to-sql: ${file} cannot be written (${error instanceof Error ? error.message : error}).`,
      {
        exitCode: 3,
        cause: error,
      },
    );
  }
}

async function tellHistory(
  settings: HistorySettings,
  options: { readonly signal: AbortSignal },
): Promise<Returned> {
  return withTarget(settings, options, async ({ session, connection }) => {
    const { place } = await readIdentity(session, connection);
    if (settings.forget === null)
      return { text: renderHistory(await listHistory(session), place), isDone: true };
    const count = await forgetHistory(session, settings.forget);
    return {
      text: `Removed what was recorded of ${count} ${count === 1 ? 'run' : 'runs'} in ${place}. What was removed cannot be rolled back any more.\n`,
      isDone: true,
    };
  });
}
