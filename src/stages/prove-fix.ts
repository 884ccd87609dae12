/** The fix within the open transaction: what was there is noted, the sections are applied, and every proof is made. */
import { readDefinitions } from '../database/fingerprint.js';
import { withOwnersView } from '../database/owners-view.js';
import type { Session } from '../database/with-session.js';
import type {
  AccessResult,
  Bundle,
  ChangesResult,
  CheckResult,
  ImpactResult,
  PreservationResult,
  RerunResult,
  ScenariosResult,
  Skipped,
  SqlProblem,
} from '../model.js';
import { proveAccess } from './access/access.js';
import { type Applied, applySections } from './apply-sections.js';
import { blameManifest } from './blame-manifest.js';
import type { FixOptions } from './fix-options.js';
import { hasHistory } from './history/history-schema.js';
import { findWayBack, noteDefinitions } from './history/note-deployment.js';
import { compareRows } from './history/note-rows.js';
import { readCounts } from './history/read-counts.js';
import { readRoles } from './history/read-roles.js';
import { readStatistics } from './history/read-statistics.js';
import { recordDeployment } from './history/record-deployment.js';
import { compareImpact } from './impact/measure-impact.js';
import { assertWithin } from './keep-to-window.js';
import { endWithClient, limitWaiting } from './limit-waiting.js';
import { lockTables } from './lock-tables.js';
import { narrowBundle } from './narrow-bundle.js';
import { type NotesOfBefore, noteBefore, noteEarly } from './note-before.js';
import { noteChanges } from './note-changes.js';
import { lockOutOthers, waitForOthers } from './one-run-at-a-time.js';
import { dropPrelude, makePrelude } from './prelude.js';
import { takeOverPrepared } from './prepare/prepare-indexes.js';
import { noteCatalogs } from './preservation/compare-database.js';
import { accountForRows } from './preservation/preservation.js';
import { resolveColumns } from './preservation/resolve-columns.js';
import { listSetAside } from './preservation/set-aside.js';
import { refuseUnknown } from './refuse-unknown.js';
import { rerunSections } from './rerun-sections.js';
import { runChecks } from './run-checks.js';
import { setSettings } from './set-settings.js';
import { findInterrupted, tryScenarios } from './try-scenarios.js';
import { withNothingTouched } from './untouched.js';
import { recogniseWords } from './withhold-content.js';

/** What is found out before the transaction ends. */
export interface Proofs {
  readonly applied: Applied;
  readonly after: readonly CheckResult[] | Skipped;
  readonly preservation: PreservationResult | Skipped;
  readonly access: AccessResult | Skipped;
  readonly changes: ChangesResult | Skipped;
  readonly scenarios: ScenariosResult | Skipped;
  readonly rerun: RerunResult | Skipped;
  /** Of a rehearsal and a plan. */
  readonly impact?: ImpactResult | undefined;
  /** Milliseconds that a target does not take, because nothing is tried out there. */
  readonly triedOutFor: number;
}

export async function proveFix(session: Session, given: Bundle, options: FixOptions): Promise<Proofs> {
  const { sections, onStage } = options;
  onStage('apply');
  await limitWaiting(session, options);
  if (options.guards === null) {
    await waitForOthers(session);
  } else {
    await endWithClient(session);
    assertWithin(options.guards.window, new Date());
    await lockOutOthers(session);
  }
  if (options.record !== null) await hasHistory(session);
  await setSettings(session, given);
  const notBegun = (problem: SqlProblem) => notApplied({ sections: [], takenLocks: [], problem });
  const { prepared = null } = options;
  const asBefore = options.record === null ? null : (prepared?.before ?? (await noteDefinitions(session)));
  const otherwise = prepared === null ? null : await takeOverPrepared(session, prepared);
  if (otherwise !== null) return notBegun(otherwise);
  // What was prepared has changed since then: it was renamed.
  const begun = await begin(session, given, prepared === null ? (asBefore?.definitions ?? null) : null);
  if ('sqlstate' in begun) return notBegun(begun);
  const bundle = begun;
  const unknown = await refuseUnknown(session, bundle);
  if (unknown !== null && options.guards?.mayCreate === false) return notBegun(unknown);
  const foundNoTable = unknown !== null && options.place === 'rehearsal';
  const wait = options.guards?.firstLock ?? null;
  const notHeld = await lockTables(session, bundle.tables, { mode: 'share update exclusive', wait });
  if (notHeld !== null) return notBegun(notHeld);
  const catalogs = await noteCatalogs(session, bundle, { readsAll: options.place === 'rehearsal' });
  const early = options.place === 'target' ? await noteEarly(session, bundle, options) : null;
  const notLocked = await lockTables(session, bundle.tables, { mode: 'share row exclusive', wait });
  const lockedAt = performance.now();
  if (notLocked !== null) return notBegun(notLocked);
  await limitWaiting(session, options);
  const notes = await noteBefore(session, bundle, { catalogs, early }, options);
  // What is tried out beforehand is not tried on a target, so nobody waits for it.
  const since = options.place === 'target' ? lockedAt : performance.now();
  const applied = await applySections(session, sections, options.onNotice, {
    lockedAt: since,
    words: options.place === 'target' ? recogniseWords(given) : null,
  });
  const problem = applied.problem ?? (await dropPrelude(session, bundle));
  if (problem !== null) return notApplied({ ...applied, problem });
  await limitWaiting(session, options);
  const changedRows = notes.whole === null ? null : await compareRows(session, notes.whole);

  onStage('checks after');
  const after = await runChecks(session, bundle);
  const preservation = await accountAfter(session, bundle, notes, options);
  const startedAt = performance.now();
  onStage('access');
  const isWholeFix = sections.length === bundle.sections.length;
  const setAside = await listSetAside(session, notes.rows.database.tables);
  const access = await withOwnersView(session, bundle.tables, () =>
    proveAccess(session, bundle, notes.access, { isWholeFix, setAside, remade: remadeViews(preservation) }),
  );
  const impact = notes.impact === null ? undefined : await compareImpact(session, bundle, notes.impact);
  const definitions = asBefore === null ? null : await readDefinitions(session);
  const changes = noteChanges(asBefore?.definitions ?? null, definitions, {
    declared: preservation.comparison.declared,
    guards: options.guards,
  });
  const triedOutFor = options.place === 'target' ? 0 : performance.now() - startedAt;
  const scenarios = await tryScenarios(session, bundle, options);
  const interrupted = findInterrupted(scenarios);
  if (options.place === 'target' && interrupted !== null)
    return notApplied({ ...applied, problem: interrupted });
  onStage('re-run');
  const rerun = await rerunSections(session, bundle, sections, {
    trustsCounters: options.place === 'target',
    definitions,
  });
  // After everything that is proven: what the engine keeps for itself is no change of the fix's.
  if (asBefore !== null && definitions !== null && changedRows !== null && options.record !== null) {
    const way = await findWayBack(session, asBefore, { definitions, rows: changedRows });
    const { statistics } = await readStatistics(session, bundle.tables);
    const roles = Object.fromEntries(await readRoles(session, bundle));
    const counts = await readCounts(session, bundle);
    await recordDeployment(session, way, {
      ...options.record,
      statistics: { ...statistics, roles, counts },
    });
  }
  return {
    applied: { ...applied, foundNoTable },
    after,
    preservation,
    access,
    changes,
    scenarios,
    rerun,
    impact,
    triedOutFor,
  };
}

/** What runs before anything is noted. Returns the bundle as this database makes it, or why it cannot be used. */
async function begin(
  session: Session,
  given: Bundle,
  known: ReadonlyMap<string, string> | null,
): Promise<Bundle | SqlProblem> {
  const work = async () => {
    const noPrelude = await makePrelude(session, given);
    if (noPrelude !== null) return noPrelude;
    const { bundle, problem } = await resolveColumns(session, given);
    return problem ?? narrowBundle(session, bundle);
  };
  const asks = given.preserve.some(({ facts }) => facts.some(({ columnsFrom }) => columnsFrom !== null));
  const runsNothing =
    given.prelude.length === 0 && given.claims === null && given.changesFrom.length === 0 && !asks;
  const path = 'the prelude, and queries of bundle.yml';
  return runsNothing ? work() : withNothingTouched(session, { path, known }, work);
}

/** What was noted of the rows and objects, compared with what is there now. */
async function accountAfter(
  session: Session,
  bundle: Bundle,
  { quarantined, rows }: NotesOfBefore,
  { place, sections, expectedQuarantine, onStage }: FixOptions,
): Promise<PreservationResult> {
  const isWholeFix = sections.length === bundle.sections.length;
  onStage('preservation');
  return withOwnersView(session, bundle.tables, () =>
    blameManifest(session, { bundle, mayRepeat: place === 'rehearsal' }, () =>
      accountForRows(session, bundle, quarantined, {
        isWholeFix,
        expectedQuarantine,
        notes: rows,
        trustsCounters: place === 'target',
      }),
    ),
  );
}

function remadeViews({ comparison: { declared, differences } }: PreservationResult): Set<string> {
  return new Set(
    [...declared, ...differences].flatMap(
      ({ table }) => /^(?:materialized )?view (.*)$/.exec(table)?.[1] ?? [],
    ),
  );
}

function notApplied(applied: Applied): Proofs {
  const skipped: Skipped = { outcome: 'skipped', reason: 'the fix was not applied' };
  return {
    applied,
    after: skipped,
    preservation: skipped,
    access: skipped,
    changes: skipped,
    scenarios: skipped,
    rerun: skipped,
    triedOutFor: 0,
  };
}
