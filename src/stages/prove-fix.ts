/** The fix within the open transaction: what was there is noted, the sections are applied, and every proof is made. */

import type { Keeping } from '../database/commit.js';
import { isPassingState } from '../database/database-error.js';
import { readDefinitions } from '../database/fingerprint.js';
import { withOwnersView } from '../database/owners-view.js';
import type { Session } from '../database/with-session.js';
import type {
  AccessResult,
  Bundle,
  ChangesResult,
  CheckResult,
  DefinitionChange,
  Finding,
  ImpactResult,
  ObjectDifference,
  PreservationResult,
  RerunResult,
  ScenariosResult,
  Section,
  Skipped,
  SqlProblem,
  StageName,
} from '../model.js';
import { type AccessNotes, isStillSo, noteAccess, proveAccess } from './access/access.js';
import { boundRoles } from './api-roles.js';
import { type Applied, applySections, type OnNotice } from './apply-sections.js';
import { blameManifest } from './blame-manifest.js';
import { changesBeyond, compareDefinitions, findUnplanned } from './compare-definitions.js';
import { findCallsOut } from './find-calls-out.js';
import { hasHistory } from './history/history-schema.js';
import { findWayBack, noteDefinitions, noteRows as noteWholeRows } from './history/note-deployment.js';
import { compareRows, type RowsBefore } from './history/note-rows.js';
import { readRoles } from './history/read-roles.js';
import { readStatistics } from './history/read-statistics.js';
import { type About, recordDeployment } from './history/record-deployment.js';
import { compareImpact, type ImpactNotes, listSomePeople, measureImpact } from './impact/measure-impact.js';
import { assertWithin, type Window } from './keep-to-window.js';
import { findLargeTables } from './large-tables.js';
import { endWithClient, type Limits, limitWaiting } from './limit-waiting.js';
import { lockTables } from './lock-tables.js';
import { narrowBundle } from './narrow-bundle.js';
import { lockOutOthers, waitForOthers } from './one-run-at-a-time.js';
import { dropPrelude, makePrelude } from './prelude.js';
import { type Prepared, takeOverPrepared } from './prepare/prepare-indexes.js';
import { noteCatalogs } from './preservation/compare-database.js';
import { accountForRows, noteRows, type RowNotes } from './preservation/preservation.js';
import { countQuarantine } from './preservation/quarantine.js';
import type { CatalogNotes } from './preservation/read-catalogs.js';
import { resolveColumns } from './preservation/resolve-columns.js';
import { listSetAside } from './preservation/set-aside.js';
import { refuseUnknown } from './refuse-unknown.js';
import { rerunSections } from './rerun-sections.js';
import { runChecks } from './run-checks.js';
import { runScenarios } from './run-scenarios.js';
import { setSettings } from './set-settings.js';
import { withNothingTouched } from './untouched.js';
import { recogniseWords, withhold } from './withhold-content.js';

/** What keeps a fix from a database that it is not meant for, or not now. */
export interface TargetGuards {
  /** Whether it may make its tables where none of them is there. */
  readonly mayCreate: boolean;
  readonly window: Window;
  /** A plan ends like a deployment that was refused at its last moment. */
  readonly ending: 'commit' | 'rollback';
  /** What was approved; null: whatever the proofs let through. */
  readonly planned: readonly DefinitionChange[] | null;
  /** How long the first lock of the tables is waited for; everybody else who wants them waits behind it. */
  readonly firstLock: { readonly milliseconds: number } | null;
  readonly keeping: Keeping;
}

export interface FixOptions extends Limits {
  /** On a target access is tried by reading alone; what scenarios write is undone. */
  readonly place: 'rehearsal' | 'target';
  /** null: the database is ours. */
  readonly guards: TargetGuards | null;
  /** What is said of the deployment beside what it replaces, so that it can be rolled back; null: nothing is recorded. */
  readonly record: About | null;
  /** Told who reached what before the fix. */
  readonly onReach?: (notes: AccessNotes) => void;
  /** What is known about a target before it is looked at. */
  readonly findings: readonly Finding[];
  readonly sections: readonly Section[];
  readonly expectedQuarantine: number | null;
  /** Indexes that were made before. */
  readonly prepared?: Prepared | null;
  /** Large tables of which it is known that the fix writes into them, so that their rows are noted on a target, too. */
  readonly written?: ReadonlySet<string>;
  readonly onNotice: OnNotice;
  readonly onStage: (stage: StageName) => void;
  /** Told of a lock that could not be had, in a sentence. */
  readonly onWait: (text: string) => void;
}

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
  // A target's people are asked while its application writes on: of all notes these take longest.
  const early = options.place === 'target' ? await noteReach(session, bundle, options) : null;
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
  const scenarios = await tryOut(session, bundle, options);
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
    await recordDeployment(session, way, { ...options.record, statistics: { ...statistics, roles } });
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

/** Who reaches what, and how fast. */
interface ReachNotes {
  readonly access: AccessNotes;
  /** null: a deployment goes on without. */
  readonly impact: ImpactNotes | null;
}

/** What the proofs of before and after have to know of the database as it was. */
interface Notes extends ReachNotes {
  readonly quarantined: number;
  readonly rows: RowNotes;
  /** The rows themselves, where the deployment is recorded. */
  readonly whole: RowsBefore | null;
}

async function noteBefore(
  session: Session,
  bundle: Bundle,
  { catalogs, early }: { readonly catalogs: CatalogNotes; readonly early: ReachNotes | null },
  options: FixOptions,
): Promise<Notes> {
  const { place, record, written = new Set(), onReach = () => undefined } = options;
  const quarantined = await countQuarantine(session, bundle);
  const isKept =
    early !== null &&
    (await withOwnersView(session, bundle.tables, () => isStillSo(session, bundle, early.access)));
  const { access, impact } = isKept ? early : await noteReach(session, bundle, options);
  onReach(access);
  // What was tried out, and undone, is counted as written: the rows are noted after it.
  const whole =
    record === null ? null : await noteWholeRows(session, bundle, { written, all: place === 'rehearsal' });
  const rows = await withOwnersView(session, bundle.tables, () =>
    // A rehearsal reads what others own, too, and so proves that the counters tell the truth.
    blameManifest(session, { bundle, mayRepeat: place === 'rehearsal' }, () =>
      noteRows(session, bundle, {
        catalogs,
        readsAll: place === 'rehearsal',
        readsLarge: (table) => place === 'rehearsal' || written.has(table),
      }),
    ),
  );
  return { quarantined, rows, whole, access, impact };
}

async function noteReach(
  session: Session,
  bundle: Bundle,
  { place, guards }: FixOptions,
): Promise<ReachNotes> {
  const access = await withOwnersView(session, bundle.tables, () =>
    noteAccess(session, bundle, { triesWrites: place === 'rehearsal' }),
  );
  const impact = guards?.ending === 'commit' ? null : await noteImpact(session, bundle, access);
  return { access, impact };
}

async function noteImpact(session: Session, bundle: Bundle, access: AccessNotes): Promise<ImpactNotes> {
  const { people } = access.before;
  const roles = boundRoles(access.roles);
  // Whoever cannot become them would be told that the read is refused.
  const isKnown = people.length > 0 || access.doubt !== null;
  const known = isKnown ? people : await listSomePeople(session, bundle, roles);
  return measureImpact(session, bundle, known);
}

/** What was noted of the rows and objects, compared with what is there now. */
async function accountAfter(
  session: Session,
  bundle: Bundle,
  { quarantined, rows }: Notes,
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

/** Of a database without a record, which is neither a target nor rolled back, nobody reads the definitions. */
function noteChanges(
  before: ReadonlyMap<string, string> | null,
  after: ReadonlyMap<string, string> | null,
  {
    declared,
    guards,
  }: { readonly declared: readonly ObjectDifference[]; readonly guards: TargetGuards | null },
): ChangesResult | Skipped {
  if (before === null || after === null)
    return { outcome: 'skipped', reason: 'definitions are read where the fix is rolled back' };
  const changes = [...compareDefinitions(before, after), ...changesBeyond(declared)];
  const planned = guards?.planned ?? null;
  const unplanned = planned === null ? [] : findUnplanned(planned, changes);
  return { outcome: unplanned.length === 0 ? 'pass' : 'fail', changes, unplanned };
}

/** Where nothing was found out, and another try may succeed. */
function findInterrupted(scenarios: ScenariosResult | Skipped): SqlProblem | null {
  if (scenarios.outcome !== 'fail') return null;
  const failed = scenarios.scenarios
    .flatMap(({ steps }) => steps)
    .filter(({ outcome }) => outcome === 'fail');
  const problems = failed.flatMap(({ problem }) => problem ?? []);
  return problems.find(({ sqlstate }) => isPassingState(sqlstate)) ?? null;
}

/** Why scenarios are not for this target, or null. */
async function findObstacle(session: Session, bundle: Bundle): Promise<string | null> {
  const callsOut = await findCallsOut(session, bundle);
  if (callsOut !== null) return `what they set going could not be undone: ${callsOut}`;
  // Somebody tries to change all that there is, and it is seen that there was something to refuse.
  const [large] = await findLargeTables(session, bundle.tables);
  return large === undefined
    ? null
    : `${large} is too large for all of its rows to be tried while others wait`;
}

async function tryOut(
  session: Session,
  bundle: Bundle,
  { place, sections, onStage }: FixOptions,
): Promise<ScenariosResult | Skipped> {
  if (sections.length < bundle.sections.length) {
    return { outcome: 'skipped', reason: 'only a part of the fix was applied' };
  }
  const obstacle = place === 'target' ? await findObstacle(session, bundle) : null;
  if (obstacle !== null) {
    return { outcome: 'skipped', reason: `not run on this database, because ${obstacle}` };
  }
  onStage('scenarios');
  if (place !== 'target') return runScenarios(session, bundle);
  const words = recogniseWords(bundle);
  return runScenarios(session, bundle, (problem) => withhold(problem, words));
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
