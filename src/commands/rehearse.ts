/** Takes the settings of a rehearsal and gives its report: bundle → states → server → stages → report. */
import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import { choosePlatform } from '../bundle/choose-platform.js';
import { chooseSections } from '../bundle/choose-sections.js';
import { findUnmentioned } from '../bundle/find-unmentioned.js';
import { shutServerRoles } from '../database/shut-server-roles.js';
import { type ThrowawayDatabases, withThrowawayDatabases } from '../database/throwaway-databases.js';
import { readBundle, shippedBundle, sqlFolder } from '../locate-bundle.js';
import type { Bundle, Report, State, SubjectResult } from '../model.js';
import { withServer } from '../postgres/with-server.js';
import { readEvidence } from '../publish/evidence-file.js';
import { buildReport } from '../report/build-report.js';
import { findMisnamed, findUnseen, listNamed } from '../report/find-unseen.js';
import type { RehearseSettings } from '../settings/settings.js';
import { assertDeployer } from '../stages/assert-deployer.js';
import { controlBundle } from '../stages/control-bundle.js';
import { keepFinished } from '../stages/keep-finished.js';
import { rehearseState } from '../stages/rehearse-state.js';
import { countStates, dealOut, readStates, sizeOf } from './read-states.js';
import type { RunOptions } from './run-options.js';

/** Rehearses the chosen states, several at a time, on one throwaway server. */
export async function rehearse(
  settings: RehearseSettings,
  { progress, signal }: RunOptions,
): Promise<Report> {
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

/** The chosen platform comes last. */
async function withPlatform(bundle: Bundle, given: string | null): Promise<Bundle> {
  if (given === null) return bundle;
  const chosen = await choosePlatform(given, [bundle.folder, sqlFolder()]);
  return { ...bundle, platforms: [...bundle.platforms.filter(({ name }) => name !== chosen.name), chosen] };
}

async function findMisfits(before: readonly string[], version: string): Promise<string[]> {
  if (before.length === 0) return [];
  const { compareMajor } = await import(/* webpackMode: "eager" */ '../before/compare-major.js');
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
