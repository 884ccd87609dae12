/** One state, from broken to proven, on a throwaway database of its own → everything that was found out. */
import { isDatabaseError } from '../database/database-error.js';
import {
  differences,
  type Fingerprint,
  fingerprintCatalog,
  fingerprintData,
} from '../database/fingerprint.js';
import { locateProblem } from '../database/locate-problem.js';
import { quoteIdentifier } from '../database/quote.js';
import { runFile } from '../database/run-file.js';
import type { ThrowawayDatabases } from '../database/throwaway-databases.js';
import { type Session, sessionSettings, withSession } from '../database/with-session.js';
import { withRollback, withTransaction } from '../database/with-transaction.js';
import { SqlError } from '../errors.js';
import type {
  ApplyResult,
  Bundle,
  Progress,
  RefusalResult,
  Skipped,
  State,
  SubjectResult,
} from '../model.js';
import { applyFix, type FixOptions } from './apply-fix.js';
import { judgeSubject, notStarted, type Unjudged } from './judge-subject.js';
import { runPreflight } from './preflight.js';
import { makePrelude } from './prelude.js';
import { rerunSections } from './rerun-sections.js';
import { compareChecks, runChecks } from './run-checks.js';
import { runScenarios } from './run-scenarios.js';

export type RehearseOptions = Omit<FixOptions, 'expectedQuarantine' | 'onNotice' | 'onStage'>;

export async function rehearseState(
  databases: ThrowawayDatabases,
  bundle: Bundle,
  state: State,
  { progress, ...options }: RehearseOptions & { readonly progress: Progress },
): Promise<SubjectResult> {
  const startedAt = performance.now();
  const subject = { kind: 'state', name: state.name, title: state.title } as const;
  progress({ kind: 'subject-started', subject: state.name, title: state.title });
  const deployer = state.deployer ?? bundle.deployer;
  const platform = state.platform ?? bundle.platform;
  const found = await orBrokenOff(bundle, () =>
    databases.withDatabase({ platform, owner: deployer }, (connection) =>
      withSession(connection, async (session) => {
        progress({ kind: 'stage-started', subject: state.name, stage: 'build' });
        try {
          await buildState(session, state, deployer);
        } catch (error: unknown) {
          if (!(error instanceof SqlError)) throw error;
          return { ...notStarted(bundle, 'the state did not load'), problem: error.problem };
        }
        return rehearse(session, bundle, state, {
          ...options,
          expectedQuarantine: state.quarantine,
          onNotice: (section, text) => progress({ kind: 'notice', subject: state.name, section, text }),
          onStage: (stage) => progress({ kind: 'stage-started', subject: state.name, stage }),
        });
      }),
    ),
  );
  const isWholeFix = options.sections.length === bundle.sections.length;
  const result: SubjectResult = {
    ...subject,
    ...found,
    outcome: judgeSubject(found, isWholeFix),
    milliseconds: performance.now() - startedAt,
  };
  progress({ kind: 'subject-finished', result });
  return result;
}

/** connection_exception, insufficient_resources, operator_intervention by a shutdown: no other state would fare better. */
const serverTrouble = /^(08|53|57P)/;

/** What Postgres refuses to the engine itself it refuses because of this state: the others are not to suffer for it. */
async function orBrokenOff(bundle: Bundle, work: () => Promise<Unjudged>): Promise<Unjudged> {
  try {
    return await work();
  } catch (error: unknown) {
    if (!isDatabaseError(error) || serverTrouble.test(error.code ?? '')) throw error;
    const file = { path: 'a query of the engine', text: '' };
    const problem = locateProblem(error, { file, statement: null });
    return { ...notStarted(bundle, 'the rehearsal broke off'), problem };
  }
}

/** Afterwards the session is the deployer's for good: it was opened by a superuser, who would be held back by nothing. */
async function buildState(session: Session, state: State, deployer: string | null): Promise<void> {
  const role = deployer === null ? null : quoteIdentifier(deployer);
  if (role !== null) await session.query(`set role ${role}`);
  await withTransaction(session, async () => {
    for (const file of state.files) await runFile(session, file);
  });
  // A dump sets what suits it, `row_security = off` among it, and would leave it so for the proofs.
  const become = role === null ? 'reset role' : `set session authorization ${role}`;
  await session.query(`${become}; ${sessionSettings}`);
}

async function rehearse(
  session: Session,
  bundle: Bundle,
  state: State,
  options: FixOptions,
): Promise<Unjudged> {
  const { sections, onStage } = options;
  onStage('preflight');
  const preflight = await runPreflight(session, bundle);
  onStage('checks before');
  const before = await withRollback(session, () => runChecks(session, bundle));
  const start = state.expectation.kind === 'refuse' ? await fingerprintAll(session, bundle) : null;

  const fix = await applyFix(session, bundle, { ...options, rerunInside: false, keepWhen: () => true });
  const checks = compareChecks(bundle, before, fix.after);
  const base = { problem: null, preflight, checks, apply: fix.apply, preservation: fix.preservation };

  if (state.expectation.kind === 'refuse' && start !== null) {
    const refusal = judgeRefusal(
      state.expectation.sqlstate,
      fix.apply,
      start,
      await fingerprintAll(session, bundle),
    );
    const skipped: Skipped = { outcome: 'skipped', reason: 'the fix must refuse this state' };
    return { ...base, refusal, scenarios: skipped, rerun: skipped };
  }
  const refusal: Skipped = { outcome: 'skipped', reason: 'the fix must repair this state' };
  if (!fix.isKept) {
    const skipped: Skipped = { outcome: 'skipped', reason: 'the fix was not applied' };
    return { ...base, refusal, scenarios: skipped, rerun: skipped };
  }

  onStage('scenarios');
  const isWholeFix = sections.length === bundle.sections.length;
  const scenarios = isWholeFix
    ? await runScenarios(session, bundle)
    : ({ outcome: 'skipped', reason: 'only a part of the fix was applied' } as const);
  onStage('re-run');
  const rerun = await withRollback(session, async () => {
    await makePrelude(session, bundle);
    return rerunSections(session, bundle, sections);
  });
  return { ...base, refusal, scenarios, rerun };
}

async function fingerprintAll(session: Session, bundle: Bundle): Promise<Fingerprint> {
  return new Map([
    ...(await fingerprintCatalog(session)),
    ...(await fingerprintData(session, bundle.tables)),
  ]);
}

function judgeRefusal(
  sqlstate: string,
  apply: ApplyResult,
  start: Fingerprint,
  end: Fingerprint,
): RefusalResult {
  const changed = differences(start, end);
  const { problem } = apply;
  return {
    outcome: problem?.sqlstate === sqlstate && changed.length === 0 ? 'pass' : 'fail',
    expected: `refused with ${sqlstate}`,
    actual: problem === null ? 'applied' : `refused with ${problem.sqlstate}: ${problem.message}`,
    changed,
  };
}
