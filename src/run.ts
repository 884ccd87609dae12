/** The order of the work: settings → bundle → Postgres → stages → report. */
import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import { choosePlatform } from './bundle/choose-platform.js';
import { chooseSections } from './bundle/choose-sections.js';
import { chooseStates } from './bundle/choose-states.js';
import { findUnmentioned } from './bundle/find-unmentioned.js';
import type { OnCommit } from './database/commit.js';
import { differences } from './database/fingerprint.js';
import { shutServerRoles } from './database/shut-server-roles.js';
import { type ThrowawayDatabases, withThrowawayDatabases } from './database/throwaway-databases.js';
import { AfterCommit } from './errors.js';
import { readBundle, shippedBundle, sqlFolder } from './locate-bundle.js';
import type {
  BackupResult,
  Bundle,
  Dealt,
  NamedByBundle,
  Progress,
  Report,
  State,
  SubjectResult,
} from './model.js';
import { withServer } from './postgres/with-server.js';
import { readEvidence } from './publish/evidence-file.js';
import { readPlan, writePlan } from './publish/plan-file.js';
import { buildReport } from './report/build-report.js';
import { findMisnamed, findUnseen, listNamed } from './report/find-unseen.js';
import type { DeploySettings, MergeSettings, PlanSettings, RehearseSettings } from './settings/settings.js';
import { assertDeployer } from './stages/assert-deployer.js';
import type { BackupUse } from './stages/backup/write-out.js';
import { controlBundle } from './stages/control-bundle.js';
import { deployTarget } from './stages/deploy-target.js';
import { inspectTarget } from './stages/inspect-target.js';
import { keepFinished } from './stages/keep-finished.js';
import { assertPlanHolds, describePlan, readCatalog, withRemains } from './stages/keep-to-plan.js';
import { readIdentity } from './stages/read-identity.js';
import { rehearseState } from './stages/rehearse-state.js';
import { withTarget } from './stages/with-target.js';

export interface RunOptions {
  readonly progress: Progress;
  /** Aborted when the run is to stop: the server is taken down, and what is under way fails with the signal's reason. */
  readonly signal: AbortSignal;
  /** Of somebody's database. */
  readonly onCommit?: OnCommit | undefined;
}

/** Once the signal is aborted its reason is what went wrong, whatever else broke because of it. */
export async function run(
  settings: RehearseSettings | PlanSettings | DeploySettings | MergeSettings,
  options: RunOptions,
): Promise<Report> {
  try {
    return await execute(settings, options);
  } catch (error: unknown) {
    if (!(error instanceof AfterCommit)) options.signal.throwIfAborted();
    throw error;
  }
}

function execute(
  settings: RehearseSettings | PlanSettings | DeploySettings | MergeSettings,
  options: RunOptions,
): Promise<Report> {
  switch (settings.command) {
    case 'rehearse':
      return rehearse(settings, options);
    case 'plan':
    case 'deploy':
      return deploy(settings, options);
    case 'merge':
      return merge(settings);
  }
}

/** Rehearses the chosen states, several at a time, on one throwaway server. */
async function rehearse(settings: RehearseSettings, { progress, signal }: RunOptions): Promise<Report> {
  const startedAt = new Date();
  const bundle = await withPlatform(await readBundle(settings), settings.platform);
  const choice = chooseSections(bundle.sections, settings.sections);
  const states = await readStates(bundle, settings);
  const commands = settings.evidence === null ? [] : await readEvidence(settings.evidence);
  const unmentioned = findUnmentioned(bundle);
  const named = listNamed(bundle, unmentioned);

  return withServer(settings.postgres, { progress, signal }, async (server) => {
    const platforms = bundle.platforms.filter(
      ({ name }) =>
        name === bundle.platform || states.some((state) => (state.platform ?? bundle.platform) === name),
    );
    progress({ kind: 'subjects-planned', count: states.length });
    // On somebody's server its roles are as they are.
    if (server.info.source !== 'url') await shutServerRoles(server.connection);
    const isTrusted = settings.isTrusted || bundle.folder === shippedBundle();
    const throwaway = { platforms, signal, isTrusted: settings.isTrusted };
    const rehearsing = { server: server.connection, states, progress, signal };
    const { lost, ...found } = await keepFinished(rehearsing, (progress) =>
      withThrowawayDatabases(server.connection, throwaway, async (databases) => {
        await assertDeployer(databases, bundle);
        const limit = pLimit(settings.concurrency ?? Math.max(2, availableParallelism()));
        const options = { ...settings, isTrusted, sections: choice.sections, progress };
        const begun = states.map((state) => withPlatformsDeployer(state, { settings, bundle, databases }));
        const [controls, subjects] = await Promise.all([
          limit(() => controlBundle(databases, bundle, settings)),
          limit.map(begun, (state) => rehearseState(databases, bundle, state, options)),
        ]);
        return { subjects, controls };
      }),
    );
    signal.throwIfAborted();
    const misfits = await findMisfits(settings.before, server.info.version);
    const subjects =
      misfits.length === 0 ? found.subjects : found.subjects.map((subject) => withMisfits(subject, misfits));
    const isWholeFix = choice.sections.length === bundle.sections.length;
    const areAllStates = states.length === bundle.states.length && settings.before.length === 0;
    return buildReport({
      command: 'rehearse',
      bundle,
      isTrusted: settings.isTrusted,
      choice,
      postgres: server.info,
      states: countStates(bundle, settings),
      shard:
        settings.shard === null
          ? null
          : { ...settings.shard, dealt: dealOut(bundle, settings, { isWholeFix, named }) },
      plan: sizeOf(bundle, states, isWholeFix),
      ...found,
      subjects,
      commands,
      lost,
      unseen:
        lost !== null
          ? []
          : isWholeFix && areAllStates
            ? findUnseen(named, found.subjects)
            : findMisnamed(unmentioned, found.subjects),
      startedAt,
      milliseconds: Date.now() - startedAt.getTime(),
    });
  });
}

/** Milliseconds: so long may anybody have to wait behind us who wants to write into the tables. */
const firstLock = 200;

/**
 * Applies the fix to somebody's database, and keeps it only when every proof passed. A plan is the same, to its last moment:
 * it is rolled back.
 */
async function deploy(
  settings: DeploySettings | PlanSettings,
  { progress, signal, onCommit }: RunOptions,
): Promise<Report> {
  const startedAt = new Date();
  const bundle = await readBundle(settings);
  const choice = chooseSections(bundle.sections, settings.sections);
  const isPlan = settings.command === 'plan';
  const plan = isPlan || settings.plan === null ? null : await readPlan(settings.plan);
  return withTarget(settings, { signal, onCommit }, async (target) => {
    const { session, connection, postgres } = target;
    progress({ kind: 'postgres-ready', postgres });
    const findings = await inspectTarget(target, bundle);
    const identity = await readIdentity(session, connection);
    const catalog = isPlan || plan !== null ? await readCatalog(session) : new Map<string, string>();
    const { sections } = choice;
    if (plan !== null) assertPlanHolds(plan, { bundle, sections, target: identity, catalog });
    const isRefused = findings.some(({ severity }) => severity === 'refusal');
    const backup =
      settings.command === 'plan' || isRefused
        ? undefined
        : await backUpFirst(settings, { target, bundle, place: identity.place, progress, signal });
    const found: SubjectResult = await deployTarget(session, bundle, {
      ...settings,
      sections,
      guards: {
        mayCreate: settings.mayCreate,
        window: settings.window,
        ending: isPlan ? 'rollback' : 'commit',
        planned: plan?.changes ?? null,
        firstLock: { milliseconds: Math.min(settings.lockTimeout, firstLock) },
        keeping: target.keeping,
      },
      record: { bundle, sections, target: identity },
      findings,
      place: identity.place,
      progress,
    });
    // Of a run that was stopped the reason is that, unless it had come to its commit.
    if (found.committed === 'no') signal.throwIfAborted();
    const subject = isPlan ? withRemains(found, differences(catalog, await readCatalog(session))) : found;
    if (isPlan && settings.planOut !== null && subject.outcome === 'pass') {
      await writePlan(
        settings.planOut,
        describePlan(subject, { bundle, sections, target: identity, catalog }),
      );
    }
    return buildReport({
      command: settings.command,
      bundle,
      choice,
      postgres,
      shard: null,
      plan: {
        subjects: 1,
        checks: bundle.checks.length,
        scenarios: subject.scenarios.outcome === 'skipped' ? 0 : bundle.scenarios.length,
      },
      controls: { planned: 0, executed: 0, blind: [] },
      unseen: [],
      subjects: [subject],
      backup,
      startedAt,
      milliseconds: Date.now() - startedAt.getTime(),
    });
  });
}

/** What takes one is loaded where one is taken. On a runner it is out of the house before anything is begun. */
async function backUpFirst(
  settings: DeploySettings,
  use: Omit<BackupUse, 'sqlFolder'>,
): Promise<BackupResult> {
  const { backUp } = await import(/* webpackMode: "eager" */ './stages/backup/back-up.js');
  const result = await backUp(settings, { ...use, sqlFolder: sqlFolder() });
  const { backup } = settings;
  if (result.taken === null || !('isUploaded' in backup) || !backup.isUploaded) return result;
  const { progress, signal } = use;
  progress({ kind: 'backup', text: `${result.taken.file} is uploaded as an artifact of the run` });
  const { uploadBackup } = await import(/* webpackMode: "eager" */ './publish/github/upload-backup.js');
  const artifact = await uploadBackup(result.taken, { environment: process.env, signal });
  return { ...result, taken: { ...result.taken, artifact } };
}

/** Joins what the jobs of a matrix found out. */
async function merge({ reports, expectedReports }: MergeSettings): Promise<Report> {
  const { readReports } = await import(/* webpackMode: "eager" */ './report/read-reports.js');
  const { mergeReports } = await import(/* webpackMode: "eager" */ './report/merge-reports.js');
  return mergeReports({ ...(await readReports(reports)), expectedReports });
}

/** The chosen platform comes last. */
async function withPlatform(bundle: Bundle, given: string | null): Promise<Bundle> {
  if (given === null) return bundle;
  const chosen = await choosePlatform(given, [bundle.folder, sqlFolder()]);
  return { ...bundle, platforms: [...bundle.platforms.filter(({ name }) => name !== chosen.name), chosen] };
}

async function findMisfits(before: readonly string[], version: string): Promise<string[]> {
  if (before.length === 0) return [];
  const { compareMajor } = await import(/* webpackMode: "eager" */ './before/compare-major.js');
  return compareMajor(before, version);
}

function withMisfits(subject: SubjectResult, misfits: readonly string[]): SubjectResult {
  const { loading } = subject;
  return loading.outcome === 'skipped' ? subject : { ...subject, loading: { ...loading, misfits } };
}

/** What somebody brings is deployed by whom its host has for that; a state of the bundle by whom the manifest names. */
function withPlatformsDeployer(
  state: State,
  use: {
    readonly settings: RehearseSettings;
    readonly bundle: Bundle;
    readonly databases: ThrowawayDatabases;
  },
): State {
  if (use.settings.before.length === 0) return state;
  return { ...state, deployer: use.databases.deployerOf(state.platform ?? use.bundle.platform) };
}

async function readStates(bundle: Bundle, settings: RehearseSettings): Promise<State[]> {
  if (settings.before.length > 0) {
    const { loadBefore } = await import(/* webpackMode: "eager" */ './before/load-before.js');
    const state = await loadBefore(settings.before, settings.rows);
    return [
      settings.platform === null ? state : { ...state, platform: bundle.platforms.at(-1)?.name ?? null },
    ];
  }
  return chooseStates(bundle.states, { names: settings.states, shard: settings.shard });
}

function countStates(bundle: Bundle, { states: names, before }: RehearseSettings): Report['states'] {
  if (before.length > 0) return undefined;
  const chosen = chooseStates(bundle.states, { names, shard: null });
  return { chosen: chosen.length, ofBundle: bundle.states.length };
}

function dealOut(
  bundle: Bundle,
  { states: names, before }: RehearseSettings,
  { isWholeFix, named }: { readonly isWholeFix: boolean; readonly named: readonly NamedByBundle[] },
): Dealt {
  const states = chooseStates(bundle.states, { names, shard: null });
  const isWhole = isWholeFix && states.length === bundle.states.length && before.length === 0;
  return {
    ...(isWhole ? { named } : {}),
    states: states.map(({ name }) => name),
    ...sizeOf(bundle, states, isWholeFix),
  };
}

/** A state that must be refused has no checks and scenarios to pass; a part of the fix is not tried out as a user. */
function sizeOf(bundle: Bundle, states: readonly State[], isWholeFix: boolean) {
  const repaired = states.filter(({ expectation }) => expectation.kind === 'pass').length;
  return {
    subjects: states.length,
    checks: repaired * bundle.checks.length,
    scenarios: isWholeFix ? repaired * bundle.scenarios.length : 0,
  };
}
