/** A deployment that the application was used after, rolled back → whether all of before is there, and what was written since stays. */
import type { Session } from '../../database/with-session.js';
import { withRollback } from '../../database/with-transaction.js';
import type { Bundle, Skipped, SqlProblem, TriedRollback } from '../../model.js';
import { limitWaiting } from '../limit-waiting.js';
import { useApplication } from '../use-application.js';
import { withAllRows } from './all-rows.js';
import { isExempt, isSamePublication } from './compare-with-before.js';
import { fingerprintRows, type Untouched, withoutTouched } from './fingerprint-rows.js';
import { lookAtAll } from './look-at-all.js';
import { type Choices, options } from './obstacle.js';
import { refusesAgain } from './remarks.js';
import {
  type Attempt,
  applyOnceMore,
  type Deployed,
  nothing,
  orProblem,
  rowsOf,
} from './rollback-attempt.js';
import { countSince, noteSince, type Since } from './rows-since.js';
import { type RolledBackLast, rollBackChoosing } from './try-rolling-back.js';

/** Outside of a transaction, and undone. */
export async function returnAfterUse(
  session: Session,
  bundle: Bundle,
  deployed: Deployed,
): Promise<Attempt<TriedRollback | Skipped>> {
  const skipped = (reason: string) => ({ tried: { outcome: 'skipped', reason } as const, again: null });
  if (bundle.scenarios.length === 0) return skipped('the bundle has no scenarios');
  if (deployed.sections.length < bundle.sections.length) return skipped('only a part of the fix was applied');
  return orProblem<TriedRollback | Skipped>(() =>
    withRollback(session, async () => {
      await limitWaiting(session, deployed);
      const rowsBefore = await withAllRows(session, () => fingerprintRows(session));
      const doubt = await useApplication(session, bundle);
      if (doubt !== null) return skipped(doubt);
      const since = await withAllRows(session, () => noteSince(session));
      if (since.length === 0) return skipped('the scenarios write no row');
      // What they changed or deleted is not to come back.
      const untouched = withoutTouched(deployed.first.rows, {
        deployed: rowsBefore,
        used: await withAllRows(session, () => fingerprintRows(session)),
      });
      const { found, choices } = await rollBackChoosing(session, deployed.identity);
      const chosen = chosenOptions(choices);
      // Nobody else was there.
      if (found.obstacles.some(({ kind }) => kind === 'definition'))
        return skipped(
          `the scenarios change definitions: ${found.obstacles.map(({ what }) => what).join('; ')}`,
        );
      const written = since.reduce((sum, { rows }) => sum + rows, 0);
      if (found.obstacles.length > 0) {
        const refused = found.obstacles.map(({ what }) => what);
        return { tried: { ...nothing, refused, chosen, since: { written, kept: written } }, again: null };
      }
      const tried = await lookAfterUse(session, deployed, { found, since, written, untouched });
      const applied = await applyOnceMore(session, bundle, deployed, { ...tried, chosen });
      const { problem } = applied.tried;
      // What refuses rows written since is told; the fix is applied to what was there before instead.
      if (problem === null || !isOfWhatWasWritten(problem, tried.kept)) return applied;
      const kept = [...tried.kept, `${refusesAgain}${problem.message}`];
      return { tried: { ...tried, chosen, kept }, again: null };
    }),
  );
}

/** The fix itself or a constraint refuses a row, or it makes a table that stayed because users wrote into it. */
function isOfWhatWasWritten({ raisedBy, sqlstate, message }: SqlProblem, kept: readonly string[]): boolean {
  if (raisedBy != null || /^23/.test(sqlstate)) return true;
  const [, made] = /^relation "(.+)" already exists$/.exec(message) ?? [];
  return (
    made !== undefined && kept.some((what) => what.startsWith('the table ') && what.includes(`.${made},`))
  );
}

function chosenOptions(choices: Choices): string[] {
  return (['keepsNewRows', 'keysNotValid'] as const)
    .filter((choice) => choices[choice])
    .map((choice) => options[choice]);
}

/** What the deployment left to the application may be there still: of the start nothing may be missing or another. */
async function lookAfterUse(
  session: Session,
  { first }: Deployed,
  {
    found,
    since,
    written,
    untouched,
  }: {
    readonly found: RolledBackLast;
    readonly since: readonly Since[];
    readonly written: number;
    readonly untouched: Untouched;
  },
): Promise<TriedRollback> {
  const now = await lookAtAll(session);
  const differing = [...first.definitions]
    .filter(([name, text]) => {
      const is = now.definitions.get(name);
      return is !== text && !isExempt(name, found.exempt) && !isSamePublication(name, [text, is], found.own);
    })
    // What the scenarios' setup has changed itself, and the deployment had not.
    .filter(([name]) => found.start.get(name) === found.recorded.way.after[name])
    .map(([name]) => name);
  return {
    ...nothing,
    kept: found.kept,
    differing,
    rows: rowsOf(untouched, now),
    since: { written, kept: await withAllRows(session, () => countSince(session, since)) },
  };
}
