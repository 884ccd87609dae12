/** What the proofs of before and after have to know of the database as it was. */
import { differences, type Fingerprint, readDefinitions } from '../database/fingerprint.js';
import { withOwnersView } from '../database/owners-view.js';
import type { Session } from '../database/with-session.js';
import type { Bundle } from '../model.js';
import { type AccessNotes, confirmAccess, noteAccess } from './access/access.js';
import { boundRoles } from './api-roles.js';
import { blameManifest } from './blame-manifest.js';
import type { FixOptions } from './fix-options.js';
import { noteRows as noteWholeRows } from './history/note-deployment.js';
import type { RowsBefore } from './history/note-rows.js';
import { type ImpactNotes, listSomePeople, measureImpact } from './impact/measure-impact.js';
import { findLargeTables } from './large-tables.js';
import { findUntouched, type Marks, markRows } from './mark-rows.js';
import { type EarlyRows, noteRowsEarly } from './preservation/note-early.js';
import { planComparison } from './preservation/plan-comparison.js';
import { noteRows, type RowNotes } from './preservation/preservation.js';
import { countQuarantine } from './preservation/quarantine.js';
import type { CatalogNotes } from './preservation/read-catalogs.js';
import { readSeal } from './preservation/read-seal.js';
import { readShapes } from './preservation/read-shapes.js';

/** Who reaches what, and how fast. */
export interface ReachNotes {
  readonly access: AccessNotes;
  /** null: a deployment goes on without. */
  readonly impact: ImpactNotes | null;
}

/** What was noted while others wrote, and what tells whether it still holds. */
export interface EarlyNotes {
  readonly reach: ReachNotes;
  readonly marks: Marks;
  readonly definitions: Fingerprint;
  readonly rows: EarlyRows;
}

export interface NotesOfBefore extends ReachNotes {
  readonly quarantined: number;
  readonly rows: RowNotes;
  /** The rows themselves, where the deployment is recorded. */
  readonly whole: RowsBefore | null;
}

/** A target's people are asked, and its rows noted, while its application writes on: of all notes these take longest. */
export async function noteEarly(session: Session, bundle: Bundle, options: FixOptions): Promise<EarlyNotes> {
  const shapes = await readShapes(session);
  const large = await findLargeTables(session, [...shapes.keys()]);
  const planned = planComparison(bundle, shapes, { readsAll: false }).flatMap(
    ({ table }) => shapes.get(table) ?? [],
  );
  const marked = planned.filter(
    ({ kind, name, isReadable }) => kind === 'r' && isReadable && !large.includes(name),
  );
  const marks = await withOwnersView(session, bundle.tables, () => markRows(session, marked));
  const definitions = await readDefinitions(session);
  const reach = await noteReach(session, bundle, { ...options, isAwaited: false });
  const { written = new Set() } = options;
  // Last, so that little is written until nobody can.
  const rows = await withOwnersView(session, bundle.tables, () =>
    blameManifest(session, { bundle, mayRepeat: false }, () =>
      noteRowsEarly(session, bundle, { readsLarge: (table) => written.has(table) }),
    ),
  );
  return { marks, definitions, reach, rows };
}

export async function noteBefore(
  session: Session,
  bundle: Bundle,
  { catalogs, early }: { readonly catalogs: CatalogNotes; readonly early: EarlyNotes | null },
  options: FixOptions,
): Promise<NotesOfBefore> {
  const { place, record, written = new Set(), onReach = () => undefined } = options;
  const quarantined = await countQuarantine(session, bundle);
  // What the manifest's expressions and the rules call may say something else by now.
  const isDefinedSo =
    early !== null && differences(early.definitions, await readDefinitions(session)).length === 0;
  const kept = early === null ? null : await confirmReach(session, bundle, early, isDefinedSo);
  const { access, impact } = kept ?? (await noteReach(session, bundle, { ...options, isAwaited: true }));
  const areRowsKept = isDefinedSo && (await readSeal(session)) === early.rows.seal;
  onReach(access);
  // What was tried out, and undone, is counted as written: the rows are noted after it.
  const whole =
    record === null ? null : await noteWholeRows(session, bundle, { written, all: place === 'rehearsal' });
  const rows = await withOwnersView(session, bundle.tables, () =>
    // A rehearsal reads what others own, too, and so proves that the counters tell the truth.
    blameManifest(session, { bundle, mayRepeat: place === 'rehearsal' }, () =>
      noteRows(session, bundle, {
        catalogs,
        early: areRowsKept ? early.rows : null,
        readsAll: place === 'rehearsal',
        readsLarge: (table) => place === 'rehearsal' || written.has(table),
      }),
    ),
  );
  return { quarantined, rows, whole, access, impact };
}

/** null: it is to be noted again. */
async function confirmReach(
  session: Session,
  bundle: Bundle,
  { reach, marks }: EarlyNotes,
  isDefinedSo: boolean,
): Promise<ReachNotes | null> {
  const access = await withOwnersView(session, bundle.tables, async () => {
    const untouched = isDefinedSo ? await findUntouched(session, marks) : new Set();
    return confirmAccess(session, bundle, reach.access, (tables) =>
      [...tables].every((oid) => untouched.has(oid)),
    );
  });
  return access === null ? null : { ...reach, access };
}

async function noteReach(
  session: Session,
  bundle: Bundle,
  { place, guards, isAwaited }: FixOptions & { readonly isAwaited: boolean },
): Promise<ReachNotes> {
  const access = await withOwnersView(session, bundle.tables, () =>
    noteAccess(session, bundle, { triesWrites: place === 'rehearsal', isAwaited }),
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
