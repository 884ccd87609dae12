/** What the proofs of before and after have to know of the database as it was. */
import { withOwnersView } from '../database/owners-view.js';
import type { Session } from '../database/with-session.js';
import type { Bundle } from '../model.js';
import { type AccessNotes, isStillSo, noteAccess } from './access/access.js';
import { boundRoles } from './api-roles.js';
import { blameManifest } from './blame-manifest.js';
import type { FixOptions } from './fix-options.js';
import { noteRows as noteWholeRows } from './history/note-deployment.js';
import type { RowsBefore } from './history/note-rows.js';
import { type ImpactNotes, listSomePeople, measureImpact } from './impact/measure-impact.js';
import { noteRows, type RowNotes } from './preservation/preservation.js';
import { countQuarantine } from './preservation/quarantine.js';
import type { CatalogNotes } from './preservation/read-catalogs.js';

/** Who reaches what, and how fast. */
export interface ReachNotes {
  readonly access: AccessNotes;
  /** null: a deployment goes on without. */
  readonly impact: ImpactNotes | null;
}

export interface NotesOfBefore extends ReachNotes {
  readonly quarantined: number;
  readonly rows: RowNotes;
  /** The rows themselves, where the deployment is recorded. */
  readonly whole: RowsBefore | null;
}

export async function noteBefore(
  session: Session,
  bundle: Bundle,
  { catalogs, early }: { readonly catalogs: CatalogNotes; readonly early: ReachNotes | null },
  options: FixOptions,
): Promise<NotesOfBefore> {
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

export async function noteReach(
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
