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
import { deployFix } from './deploy-fix.js';
import { judgeSubject, notStarted, type Unjudged } from './judge-subject.js';
import type { FixOptions } from './prove-fix.js';

export type RehearseOptions = Pick<FixOptions, 'sections' | 'lockTimeout' | 'statementTimeout'>;

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
          place: 'rehearsal',
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
  // One transaction, unless a file has its own: a dump may, and nothing is to be undone here.
  await session.query('begin');
  for (const file of state.files) await runFile(session, file, { mayEndTransaction: true });
  await session.query('commit');
  // A dump sets what suits it, `row_security = off` among it, and would leave it so for the proofs.
  const become = role === null ? 'reset role' : `set session authorization ${role}`;
  await session.query(`${become}; ${sessionSettings}`);
}

/** The deployment that a target gets; a state that the fix must refuse is judged by what that leaves behind. */
async function rehearse(
  session: Session,
  bundle: Bundle,
  state: State,
  options: FixOptions,
): Promise<Unjudged> {
  if (state.expectation.kind === 'pass') return (await deployFix(session, bundle, options)).found;
  const start = await fingerprintAll(session, bundle);
  const { found } = await deployFix(session, bundle, options);
  const end = await fingerprintAll(session, bundle);
  return {
    ...found,
    refusal: judgeRefusal(state.expectation.sqlstate, found.apply, differences(start, end)),
  };
}

async function fingerprintAll(session: Session, bundle: Bundle): Promise<Fingerprint> {
  return new Map([
    ...(await fingerprintCatalog(session)),
    ...(await fingerprintData(session, bundle.tables)),
  ]);
}

function judgeRefusal(
  sqlstate: string,
  apply: ApplyResult | Skipped,
  changed: readonly string[],
): RefusalResult {
  const problem = apply.outcome === 'skipped' ? null : apply.problem;
  return {
    outcome: problem?.sqlstate === sqlstate && changed.length === 0 ? 'pass' : 'fail',
    expected: `refused with ${sqlstate}`,
    actual: problem === null ? 'applied' : `refused with ${problem.sqlstate}: ${problem.message}`,
    changed,
  };
}
