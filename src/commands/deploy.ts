/** Takes the settings of a plan or a deployment, and gives its report: bundle → target → backup → stages → report. */
import { chooseSections } from '../bundle/choose-sections.js';
import { differences } from '../database/fingerprint.js';
import { readBundle, sqlFolder } from '../locate-bundle.js';
import type { BackupResult, Report, SubjectResult } from '../model.js';
import { assertRoomForPlan, readPlan } from '../publish/plan-file.js';
import { buildReport } from '../report/build-report.js';
import type { DeploySettings, PlanSettings } from '../settings/settings.js';
import type { BackupUse } from '../stages/backup/write-out.js';
import { deployTarget } from '../stages/deploy-target.js';
import { inspectTarget } from '../stages/inspect-target.js';
import { assertPlanHolds, describePlan, readCatalog, withRemains } from '../stages/keep-to-plan.js';
import { readIdentity } from '../stages/read-identity.js';
import { withTarget } from '../stages/with-target.js';
import type { RunOptions } from './run-options.js';

/** Milliseconds: so long may anybody have to wait behind us who wants to write into the tables. */
const firstLock = 200;

/**
 * Applies the fix to somebody's database, and keeps it only when every proof passed. A plan is the same, to its last moment:
 * it is rolled back.
 */
export async function deploy(
  settings: DeploySettings | PlanSettings,
  { progress, signal, onCommit, onPlan }: RunOptions,
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
    if (isPlan && settings.planOut !== null) await assertRoomForPlan(settings.planOut, catalog);
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
    if (isPlan && subject.outcome === 'pass')
      onPlan?.(describePlan(subject, { bundle, sections, target: identity, catalog }));
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
  const { backUp } = await import(/* webpackMode: "eager" */ '../stages/backup/back-up.js');
  const result = await backUp(settings, { ...use, sqlFolder: sqlFolder() });
  const { backup } = settings;
  if (result.taken === null || !('isUploaded' in backup) || !backup.isUploaded) return result;
  const { progress, signal } = use;
  progress({ kind: 'backup', text: `${result.taken.file} is uploaded as an artifact of the run` });
  const { uploadBackup } = await import(/* webpackMode: "eager" */ '../publish/github/upload-backup.js');
  const artifact = await uploadBackup(result.taken, { environment: process.env, signal });
  return { ...result, taken: { ...result.taken, artifact } };
}
