/** A run that was killed at work on somebody's database → what became of that, and nothing left of it there. */
import { setTimeout } from 'node:timers/promises';
import { counted } from './counted.js';
import type { Fate } from './database/commit.js';
import type { Session } from './database/with-session.js';
import { withReading } from './database/with-transaction.js';
import { UserError } from './errors.js';
import type { KilledRun } from './publish/github/killed-run.js';
import type { WaySettings } from './settings/settings.js';
import { readStatus } from './stages/learn-fate.js';
import { listLeft } from './stages/prepare/left-behind.js';
import { dropIndex } from './stages/prepare/make-index.js';
import { placeOf } from './stages/read-identity.js';
import { withTarget } from './stages/with-target.js';

export interface Ended {
  readonly committed: Fate;
  readonly text: string;
}

/** Seconds: the server notices within one or two that its client is gone. */
const patience = 10;

/** Milliseconds for taking away an index, which waits for whoever uses the table. */
const dropLimit = 60_000;

export async function endKilled(
  { command, commit }: KilledRun,
  way: Pick<WaySettings, 'databaseUrl' | 'databaseCa' | 'confirm'>,
): Promise<Ended> {
  const said = `The run was killed before it had told what came of its ${command}.`;
  const heard = commit?.fate ?? null;
  try {
    const { place, status, taken } = await whenItIsOver(way, async (session, name) => ({
      place: name,
      status: commit === null ? 'aborted' : await readStatus(session, commit.transaction),
      taken: await takeAway(session),
    }));
    const away =
      taken === 0 ? '' : ` ${counted(taken, 'index', 'indexes')} it had prepared there is gone, too.`;
    if (heard === 'yes' || status === 'committed')
      return { committed: 'yes', text: `${said} Committed to ${place}: look at it with verify.${away}` };
    if (heard === 'no' || status === 'aborted')
      return { committed: 'no', text: `${said} Rolled back: ${place} is as it was.${away}` };
    return { committed: 'unknown', text: `${said} ${sayUnknown(commit, 'the server does not say')}` };
  } catch (error: unknown) {
    const why = error instanceof Error ? error.message : String(error);
    if (heard === 'yes')
      return {
        committed: 'yes',
        text: `${said} It is committed; but nothing could be looked at then: ${why}`,
      };
    if (commit === null || heard === 'no')
      return {
        committed: 'no',
        text: `${said} It had committed nothing, and is rolled back as soon as the server notices. The database could not be looked at: ${why}`,
      };
    return { committed: 'unknown', text: `${said} ${sayUnknown(commit, why)}` };
  }
}

function sayUnknown(commit: KilledRun['commit'], why: string): string {
  return `Nobody knows whether the database was changed: its commit was sent, and ${why}. Ask: select pg_xact_status('${commit?.transaction}').`;
}

/** Nobody else may be at work there, the killed run's own session least of all. */
async function whenItIsOver<T>(
  way: Pick<WaySettings, 'databaseUrl' | 'databaseCa' | 'confirm'>,
  work: (session: Session, place: string) => Promise<T>,
): Promise<T> {
  const settings = { ...way, window: { notBefore: null, notAfter: null } };
  const signal = AbortSignal.timeout((patience + (2 * dropLimit) / 1000) * 1000);
  for (let tries = 1; ; tries += 1) {
    try {
      return await withTarget(settings, { signal }, ({ session, connection }) =>
        work(session, placeOf(connection)),
      );
    } catch (error: unknown) {
      if (!(error instanceof UserError) || error.exitCode !== 3 || tries >= patience) throw error;
      await setTimeout(1000);
    }
  }
}

/** Returns how many are gone. */
async function takeAway(session: Session): Promise<number> {
  const left = () => withReading(session, () => listLeft(session));
  const before = await left();
  for (const relation of before)
    await dropIndex(session, relation, { statementTimeout: dropLimit, onWait: () => undefined });
  return before.length === 0 ? 0 : before.length - (await left()).length;
}
