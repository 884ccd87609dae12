/** One state, from broken to proven, on a throwaway database of its own → everything that was found out. */
import { changesRoles } from '../bundle/changes-roles.js';
import { withSettingsOf } from '../bundle/choose-settings.js';
import { isDatabaseError, isServerTrouble } from '../database/database-error.js';
import type { Fingerprint } from '../database/fingerprint.js';
import { locateProblem } from '../database/locate-problem.js';
import type { ThrowawayDatabases } from '../database/throwaway-databases.js';
import { adviseOnRights, withBuilder } from '../database/with-builder.js';
import { withDeployer } from '../database/with-deployer.js';
import { type Session, withSession } from '../database/with-session.js';
import { withRollback } from '../database/with-transaction.js';
import { SqlError } from '../errors.js';
import { withHostAsked } from '../loading/ask-host.js';
import type { Bundle, CheckResult, Progress, Skipped, State, SubjectResult } from '../model.js';
import { buildBefore, buildState } from './build-state.js';
import { deployAndReturn } from './deploy-and-return.js';
import { deployFix } from './deploy-fix.js';
import type { FixOptions } from './fix-options.js';
import { judgeSubject, notStarted, type Unjudged } from './judge-subject.js';
import { type Limits, limitWaiting } from './limit-waiting.js';
import { addHidden, digestHidden } from './preservation/hidden-rows.js';
import { rehearseRefusal } from './rehearse-refusal.js';
import { addAskedAgain, runChecks } from './run-checks.js';
import { setSettings } from './set-settings.js';
import { withholdContent } from './withhold-content.js';

export interface RehearseOptions extends Pick<FixOptions, 'sections' | 'lockTimeout' | 'statementTimeout'> {
  /** Whether nothing that `before` says may be left out. */
  readonly isStrict: boolean;
  /** Whether a superuser builds the states; otherwise somebody does who may do less. */
  readonly isTrusted: boolean;
  /** Whether each deployment is rolled back, too, to see whether it returns. */
  readonly rollsBack?: boolean;
}

export async function rehearseState(
  databases: ThrowawayDatabases,
  bundle: Bundle,
  state: State,
  options: RehearseOptions & { readonly progress: Progress },
): Promise<SubjectResult> {
  return databases.withRoles({ changes: changesServer(bundle, state) }, () =>
    rehearseAlone(databases, withSettingsOf(bundle, state), state, options),
  );
}

/** Beside a state of which this is true others would see roles come and go that are none of theirs. */
export function changesServer({ prelude, sections }: Bundle, { files, before }: State): boolean {
  const ofSections = sections.flatMap(({ file, parts }) => [file, ...parts]);
  // A role that a dump grants something to is made for it.
  return before.length > 0 || changesRoles([...files, ...prelude, ...ofSections]);
}

async function rehearseAlone(
  databases: ThrowawayDatabases,
  bundle: Bundle,
  state: State,
  {
    progress,
    isStrict,
    isTrusted,
    rollsBack = false,
    ...options
  }: RehearseOptions & { readonly progress: Progress },
): Promise<SubjectResult> {
  const startedAt = performance.now();
  const subject = { kind: 'state', name: state.name, title: state.title } as const;
  progress({ kind: 'subject-started', subject: state.name, title: state.title });
  const platform = state.platform ?? bundle.platform;
  const found = await orBrokenOff(bundle, async () => {
    const login = await databases.loginOf(state.deployer ?? bundle.deployer);
    const deployer = login.role;
    return databases.withDatabase({ platform, owner: deployer }, async (connection) => {
      progress({ kind: 'stage-started', subject: state.name, stage: 'build' });
      const build = (files: State['files']) => (session: Session) => buildState(session, files, deployer);
      const { problem, loading } =
        state.before.length > 0
          ? await buildBefore(connection, bundle, state, { login, isStrict, signal: databases.signal })
          : isTrusted
            ? await withSession(connection, build(state.files))
            : await withHostAsked(connection, { files: state.files, deployer }, async (files) =>
                withBuilder(connection, await databases.builderFor(deployer), build(files)),
              ).then(({ problem, loading }) => ({ problem: problem && adviseOnRights(problem), loading }));
      if (problem !== null || loading.outcome === 'fail') {
        return { ...notStarted(bundle, 'the state did not load'), loading, problem };
      }
      // Whoever logs in becomes the actors, as the server of the application does: the deployer needs no membership for it.
      const roles = bundle.actors.map(({ role }) => role);
      await databases.letBecome(login, roles);
      const lookAtHidden = () => withSession(connection, (session) => digestHidden(session, deployer));
      const hidden = await lookAtHidden();
      let kept: Fingerprint | null = null;
      let again: readonly CheckResult[] = [];
      const proven = await withDeployer(connection, login, (session) =>
        rehearse(session, bundle, {
          state,
          rollsBack,
          onKept: async () => {
            kept = await lookAtHidden();
            again = await withDeployer(connection, login, (other) => checkAgain(other, bundle, options));
          },
          ...options,
          place: 'rehearsal',
          guards: null,
          record: null,
          findings: [],
          expectedQuarantine: state.quarantine,
          onNotice: (section, text) => progress({ kind: 'notice', subject: state.name, section, text }),
          onWait: () => undefined,
          onStage: (stage) => progress({ kind: 'stage-started', subject: state.name, stage }),
        }),
      );
      const found = {
        ...proven,
        checks: addAskedAgain(proven.checks, again),
        preservation: addHidden(proven.preservation, hidden, kept ?? (await lookAtHidden())),
      };
      // Rows of somebody's are as confidential here as where they come from.
      return loading.outcome === 'skipped' ? found : { ...withholdContent(found, bundle), loading };
    });
  });
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

/** What Postgres refuses to the engine itself it refuses because of this state: the others are not to suffer for it. */
async function orBrokenOff(bundle: Bundle, work: () => Promise<Unjudged>): Promise<Unjudged> {
  try {
    return await work();
  } catch (error: unknown) {
    if (error instanceof SqlError) {
      return { ...notStarted(bundle, 'the rehearsal broke off'), problem: error.problem };
    }
    if (!isDatabaseError(error) || isServerTrouble(error)) throw error;
    const file = { path: 'a query of the engine', text: '' };
    const problem = locateProblem(error, { file, statement: null });
    return { ...notStarted(bundle, 'the rehearsal broke off'), problem };
  }
}

interface Rehearsal extends FixOptions {
  readonly state: State;
  readonly rollsBack: boolean;
  /** Called when the fix is kept, and not rolled back yet. */
  readonly onKept: () => Promise<void>;
}

/** The deployment that a target gets. */
async function rehearse(
  session: Session,
  bundle: Bundle,
  { state, rollsBack, onKept, ...options }: Rehearsal,
): Promise<Unjudged> {
  if (state.expectation.kind !== 'pass')
    return rehearseRefusal(session, bundle, state.expectation.sqlstate, options);
  if (rollsBack) return deployAndReturn(session, bundle, { ...options, onKept });
  const { found, committed } = await deployFix(session, bundle, options);
  if (committed === 'yes') await onKept();
  return { ...found, rollback: notRolledBack };
}

async function checkAgain(session: Session, bundle: Bundle, limits: Limits): Promise<CheckResult[]> {
  return withRollback(session, async () => {
    await limitWaiting(session, limits);
    await setSettings(session, bundle);
    return runChecks(session, bundle);
  });
}

const notRolledBack: Skipped = { outcome: 'skipped', reason: 'rollback is false' };
