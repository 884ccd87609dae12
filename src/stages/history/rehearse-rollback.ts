/** A deployment to a database of our own, rolled back as on a target: after it was used, and undone, then at once → whether it really returns. */
import { isDatabaseError, isServerTrouble } from '../../database/database-error.js';
import { differences, readDefinitions } from '../../database/fingerprint.js';
import { locateProblem } from '../../database/locate-problem.js';
import { withOwnersView } from '../../database/owners-view.js';
import type { Session } from '../../database/with-session.js';
import { withRollback, withSavepoint, withTransaction } from '../../database/with-transaction.js';
import { SqlError, TransactionEnded, UserError } from '../../errors.js';
import type {
  Bundle,
  CheckComparison,
  RollbackResult,
  Section,
  Skipped,
  SqlProblem,
  TargetIdentity,
  TriedRollback,
} from '../../model.js';
import type { AccessNotes } from '../access/access.js';
import { compareReach } from '../access/compare-reach.js';
import { type Limits, limitWaiting } from '../limit-waiting.js';
import { applyAgain } from '../rerun-sections.js';
import { runChecks } from '../run-checks.js';
import { useApplication } from '../use-application.js';
import { isSamePublication, plain } from './compare-with-before.js';
import { countFound, fingerprintRows, type RowsFingerprint } from './fingerprint-rows.js';
import { withoutHistory } from './history-schema.js';
import { type Choices, type Obstacle, optionOf } from './obstacle.js';
import { type Rollback, rollBackLast } from './roll-back-target.js';
import { countSince, noteSince, type Since, withAllRows } from './rows-since.js';

/** What a database was like: every definition as it counts, and every row. */
export interface Look {
  readonly definitions: ReadonlyMap<string, string>;
  readonly rows: RowsFingerprint;
}

/** Within an open transaction. */
export async function lookAtAll(session: Session): Promise<Look> {
  const definitions = withoutHistory(await readDefinitions(session));
  return {
    definitions: new Map([...definitions].map(([object, text]) => [object, plain(object, text) ?? ''])),
    rows: await withAllRows(session, () => fingerprintRows(session)),
  };
}

export interface Deployed extends Limits {
  readonly identity: TargetIdentity;
  readonly sections: readonly Section[];
  /** Before the deployment. */
  readonly first: Look;
  readonly reach: AccessNotes | null;
  /** What the checks said of the deployment. */
  readonly checks: readonly CheckComparison[];
}

/** Outside of a transaction, when the deployment was committed. Afterwards it is rolled back, where nothing stands in the way. */
export async function rehearseRollback(
  session: Session,
  bundle: Bundle,
  deployed: Deployed,
): Promise<RollbackResult> {
  const used = await returnAfterUse(session, bundle, deployed);
  const isUsed = used.again !== null;
  const plainly = await returnAtOnce(session, bundle, deployed, { appliesAgain: !isUsed });
  const again = used.again ?? plainly.again ?? notAgain;
  const isFailed = [plainly.tried, used.tried].some((tried) => 'problem' in tried && isWrong(tried));
  const isRefused = plainly.tried.refused.length > 0;
  const isBroken = !('outcome' in again) && again.passed < again.planned;
  return {
    outcome: isFailed || isBroken ? 'fail' : isRefused ? 'refused' : 'pass',
    plain: plainly.tried,
    used: used.tried,
    definitions: deployed.first.definitions.size,
    people: isRefused ? 0 : (deployed.reach?.before.people.length ?? 0),
    again,
  };
}

function isWrong({ problem, differing, refused, rows, since, chosen }: TriedRollback): boolean {
  if (problem !== null) return true;
  if (refused.length > 0) return false;
  // Rows that users changed since stay as they are, where somebody chose that.
  const mayDiffer = chosen.includes(optionOf('row') ?? '');
  return differing.length > 0 || since.kept < since.written || (rows.returned < rows.before && !mayDiffer);
}

interface Attempt<Tried = TriedRollback> {
  readonly tried: Tried;
  readonly again: Again | null;
}

const notAgain: Skipped = { outcome: 'skipped', reason: 'nothing was rolled back' };

type Again = Exclude<RollbackResult['again'], Skipped>;

const nothing: TriedRollback = {
  refused: [],
  chosen: [],
  kept: [],
  differing: [],
  rows: { before: 0, returned: 0 },
  since: { written: 0, kept: 0 },
  problem: null,
};

async function returnAtOnce(
  session: Session,
  bundle: Bundle,
  deployed: Deployed,
  { appliesAgain }: { readonly appliesAgain: boolean },
): Promise<Attempt> {
  return orProblem(async () => {
    const found = await withTransaction(session, async () => {
      await limitWaiting(session, deployed);
      const tried = await rollBackLast(session, deployed.identity, noChoice);
      if (tried.obstacles.length > 0) throw new InTheWay(tried);
      return tried;
    }).catch((error: unknown) => {
      if (error instanceof InTheWay) return error.found;
      throw error;
    });
    if (found.obstacles.length > 0)
      return { tried: { ...nothing, refused: found.obstacles.map(({ what }) => what) }, again: null };
    // Of rows that a transaction has written itself, its keys are checked when anything else of them is changed.
    return withRollback(session, async () => {
      await limitWaiting(session, deployed);
      const { first, reach } = deployed;
      const now = await lookAtAll(session);
      const people =
        reach === null
          ? []
          : await withOwnersView(session, bundle.tables, () => compareReach(session, reach));
      const tables = [...new Set([...first.rows.keys(), ...now.rows.keys()])].filter(
        (table) => first.rows.get(table)?.digest !== now.rows.get(table)?.digest,
      );
      const tried: TriedRollback = {
        ...nothing,
        kept: found.kept,
        differing: [
          ...differences(first.definitions, now.definitions).filter((name) => !found.exempt.includes(name)),
          ...tables.map((table) => `rows of ${table}`),
          ...people,
        ],
        rows: rowsOf(first, now),
      };
      return appliesAgain ? applyOnceMore(session, bundle, deployed, tried) : { tried, again: null };
    });
  });
}

async function returnAfterUse(
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
      const doubt = await useApplication(session, bundle);
      if (doubt !== null) return skipped(doubt);
      const since = await withAllRows(session, () => noteSince(session));
      if (since.length === 0) return skipped('the scenarios write no row');
      const { found, chosen } = await rollBackChoosing(session, deployed.identity);
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
      const tried = await lookAfterUse(session, deployed, { found, since, written });
      const applied = await applyOnceMore(session, bundle, deployed, { ...tried, chosen });
      const { problem } = applied.tried;
      // What the fix itself refuses about rows written since is told; it is applied to what was there before instead.
      if (problem?.raisedBy == null) return applied;
      const kept = [...tried.kept, `${refusesAgain}${problem.message}`];
      return { tried: { ...tried, chosen, kept }, again: null };
    }),
  );
}

const refusesAgain = 'the fix, applied once more, refuses because of what was written since: ';

/** What the deployment left to the application may be there still: of the start nothing may be missing or another. */
async function lookAfterUse(
  session: Session,
  { first }: Deployed,
  {
    found,
    since,
    written,
  }: {
    readonly found: Omit<Rollback, 'isKept'>;
    readonly since: readonly Since[];
    readonly written: number;
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
    rows: rowsOf(first, now),
    since: { written, kept: await withAllRows(session, () => countSince(session, since)) },
  };
}

/** A key that is there, not valid, is named without its table. */
function isExempt(name: string, exempt: readonly string[]): boolean {
  return exempt.some((one) => name === one || name.replaceAll('"', '').startsWith(`${one} on `));
}

function rowsOf(first: Look, now: Look): TriedRollback['rows'] {
  const before = [...first.rows.values()].reduce((sum, { rows }) => sum + rows, 0);
  return { before, returned: countFound(first.rows, now.rows) };
}

const noChoice: Choices = { keepsNewRows: false, keysNotValid: false };

class InTheWay extends Error {
  constructor(readonly found: Omit<Rollback, 'isKept'>) {
    super('something stands in the way');
  }
}

/** As its user would: what stands in the way is read, and chosen about where it can be. */
async function rollBackChoosing(
  session: Session,
  identity: TargetIdentity,
  choices = noChoice,
): Promise<{ readonly found: Omit<Rollback, 'isKept'>; readonly chosen: readonly string[] }> {
  const chosen = [
    ...(choices.keepsNewRows ? [optionOf('row') ?? ''] : []),
    ...(choices.keysNotValid ? [optionOf('key') ?? ''] : []),
  ];
  try {
    const found = await withSavepoint(session, async () => {
      const tried = await rollBackLast(session, identity, choices);
      if (tried.obstacles.length > 0) throw new InTheWay(tried);
      return tried;
    });
    return { found, chosen };
  } catch (error: unknown) {
    if (!(error instanceof InTheWay)) throw error;
    const { found } = error;
    const isOf = (kind: Obstacle['kind']) => found.obstacles.some((obstacle) => obstacle.kind === kind);
    const next = {
      keepsNewRows: choices.keepsNewRows || isOf('row'),
      keysNotValid: choices.keysNotValid || isOf('key'),
    };
    const canChoose = found.obstacles.every(({ kind }) => optionOf(kind) !== null);
    const isNew = next.keepsNewRows !== choices.keepsNewRows || next.keysNotValid !== choices.keysNotValid;
    return canChoose && isNew ? rollBackChoosing(session, identity, next) : { found, chosen };
  }
}

/** A part of the fix is not blamed for what it did not repair the first time. */
async function applyOnceMore(
  session: Session,
  bundle: Bundle,
  { sections, checks }: Deployed,
  tried: TriedRollback,
): Promise<Attempt> {
  const passed = checks.flatMap(({ after }, place) => (after.outcome === 'pass' ? [place] : []));
  const problem = await applyAgain(session, bundle, sections);
  const again = problem === null ? await runChecks(session, bundle) : [];
  return {
    tried: { ...tried, problem },
    again: {
      passed: passed.filter((place) => again[place]?.outcome === 'pass').length,
      planned: passed.length,
    },
  };
}

/** What goes wrong with it is found out about the rollback, and breaks nothing else off. */
async function orProblem<Tried>(
  work: () => Promise<Attempt<Tried>>,
): Promise<Attempt<Tried | TriedRollback>> {
  try {
    return await work();
  } catch (error: unknown) {
    const problem = toProblem(error);
    if (problem === null) throw error;
    return { tried: { ...nothing, problem }, again: null };
  }
}

function toProblem(error: unknown): SqlProblem | null {
  if (error instanceof SqlError || error instanceof TransactionEnded) return error.problem;
  if (isDatabaseError(error)) {
    if (isServerTrouble(error)) return null;
    return locateProblem(error, { file: { path: 'the rollback', text: '' }, statement: null });
  }
  if (!(error instanceof UserError)) return null;
  return {
    path: 'the rollback',
    line: null,
    column: null,
    snippet: null,
    // object_not_in_prerequisite_state
    sqlstate: '55000',
    message: error.message,
    detail: null,
    hint: null,
    advice: null,
  };
}
